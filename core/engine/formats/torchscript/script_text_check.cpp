// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/formats/torchscript/script_text_check.h"

#include "core/base/error.h"

#include <algorithm>
#include <cctype>
#include <numeric>
#include <vector>

namespace bitscape {
namespace {

constexpr int kDeepestExpression = 256;
constexpr std::size_t kDeepestBlock = 64 * 2; ///< LibTorch writes two blanks per level

bool isLetter(char c)
{
    return std::isalnum(static_cast<unsigned char>(c)) || c == '_';
}

/// Counts how deep an expression can be at most: an operator, a word operator or an opening bracket adds a level that a comma or the
/// end of its bracket takes away.
class Depth final {
public:
    void deepen() { ++m_levels.back(), check(); }
    void open() { deepen(), m_levels.push_back(0); }
    void comma() { m_levels.back() = 0; }
    bool inBrackets() const { return m_levels.size() > 1; }
    void reset() { m_levels = { 0 }; }
    void close()
    {
        if (m_levels.size() > 1)
            m_levels.pop_back();
    }
    bool tooDeep() const { return m_tooDeep; }

private:
    void check() { m_tooDeep |= std::accumulate(m_levels.begin(), m_levels.end(), 0) > kDeepestExpression; }

    std::vector<int> m_levels { 0 };
    bool m_tooDeep = false;
};

class Reader final {
public:
    Reader(std::string_view text, const std::string& name)
        : m_text(text)
        , m_name(name)
    {
    }

    std::size_t run()
    {
        while (m_at < m_text.size()) {
            if (m_lineStarts)
                startLine();
            else if (isLetter(m_text[m_at]))
                word();
            else
                sign(m_text[m_at++]);
            if (m_depth.tooDeep())
                refuse("has an expression of more than " + std::to_string(kDeepestExpression) + " levels");
        }
        return m_declarations;
    }

private:
    [[noreturn]] void refuse(const std::string& what) const
    {
        throw Error(ErrorCode::BadInput, "The file's script '" + m_name + "' " + what + ": it is damaged, or not one of torch.jit.save().");
    }

    void startLine()
    {
        const std::size_t begin = m_at;
        while (m_at < m_text.size() && (m_text[m_at] == ' ' || m_text[m_at] == '\t'))
            ++m_at;
        if (!m_depth.inBrackets()) {
            m_depth.reset();
            if (m_at - begin > kDeepestBlock)
                refuse("has blocks in blocks more than 64 deep");
        }
        m_lineStarts = false;
    }

    void word()
    {
        const std::size_t begin = m_at;
        while (m_at < m_text.size() && isLetter(m_text[m_at]))
            ++m_at;
        const std::string_view word = m_text.substr(begin, m_at - begin);
        if (word == "__setstate__")
            throw Error(ErrorCode::Unsupported,
                "The file's script '" + m_name
                    + "' runs code of its own while it is loaded (__setstate__), as quantized networks do: only floating-point networks "
                      "are understood.");
        m_declarations += word == "def" || word == "class" ? 1 : 0;
        if (word == "elif")
            refuse("has an elif");
        for (const char* deep : { "not", "if", "else", "and", "or", "in", "is", "lambda", "for" }) {
            if (word == deep)
                m_depth.deepen();
        }
    }

    void sign(char c)
    {
        switch (c) {
        case '\n':
            m_lineStarts = true;
            break;
        case '(':
        case '[':
        case '{':
            m_depth.open();
            break;
        case ')':
        case ']':
        case '}':
            m_depth.close();
            break;
        case ',':
            m_depth.comma();
            break;
        case '#':
            m_at = std::min(m_text.find('\n', m_at), m_text.size());
            break;
        case '"':
        case '\'':
            skipString(c);
            break;
        case ' ':
            break;
        case '\\':
            refuse("has a line that goes on behind its end");
        default:
            m_depth.deepen();
        }
    }

    void skipString(char quote)
    {
        if (m_text.substr(m_at, 2) == std::string { quote, quote })
            refuse("has a string of several lines");
        for (; m_at < m_text.size() && m_text[m_at] != quote; ++m_at) {
            if (m_text[m_at] == '\n')
                refuse("has a string without an end");
            m_at += m_text[m_at] == '\\' ? 1 : 0;
        }
        ++m_at;
    }

    std::string_view m_text;
    const std::string& m_name;
    std::size_t m_at = 0;
    bool m_lineStarts = true;
    std::size_t m_declarations = 0;
    Depth m_depth;
};

} // namespace

std::size_t checkScriptText(std::string_view text, const std::string& name)
{
    return Reader(text, name).run();
}

} // namespace bitscape
