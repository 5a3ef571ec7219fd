// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/formats/torchscript/script_lexer.h"

#include "core/base/error.h"

#include <algorithm>
#include <cctype>

namespace bitscape::script {
namespace {

bool isLetter(char c)
{
    return std::isalpha(static_cast<unsigned char>(c)) || c == '_';
}

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

class Lexer final {
public:
    Lexer(std::string_view text, const std::string& record)
        : m_text(text)
        , m_record(record)
    {
    }

    std::vector<Token> run()
    {
        while (m_at < m_text.size()) {
            if (m_lineStarts && m_brackets == 0)
                indent();
            else
                word();
        }
        if (!m_lineStarts)
            add(Token::Kind::Newline, 0);
        for (; m_indents.size() > 1; m_indents.pop_back())
            add(Token::Kind::Dedent, 0);
        add(Token::Kind::End, 0);
        return std::move(m_tokens);
    }

private:
    [[noreturn]] void refuse(const std::string& what) const
    {
        throw Error(ErrorCode::BadInput,
            "Line " + std::to_string(m_line) + " of the file's script '" + m_record + "' " + what
                + ": it is damaged, or not one of torch.jit.save().");
    }

    char next(std::size_t ahead = 0) const { return m_at + ahead < m_text.size() ? m_text[m_at + ahead] : '\n'; }

    void add(Token::Kind kind, std::size_t size)
    {
        m_tokens.push_back({ kind, m_text.substr(m_at, size), m_line });
        m_at += size;
    }

    void indent()
    {
        std::size_t blanks = 0;
        while (next(blanks) == ' ')
            ++blanks;
        m_at += blanks;
        if (next() == '\n') {
            ++m_at;
            ++m_line;
            return;
        }
        m_lineStarts = false;
        constexpr std::size_t kDeepestBlock = 64;
        if (blanks > m_indents.back()) {
            if (m_indents.size() > kDeepestBlock)
                refuse("stands in blocks in blocks more than " + std::to_string(kDeepestBlock) + " deep");
            m_indents.push_back(blanks);
            add(Token::Kind::Indent, 0);
        }
        for (; blanks < m_indents.back(); m_indents.pop_back())
            add(Token::Kind::Dedent, 0);
        if (blanks != m_indents.back())
            refuse("is indented like no line before it");
    }

    void word()
    {
        const char c = next();
        if (c == ' ') {
            ++m_at;
        } else if (c == '\n') {
            newline();
        } else if (isLetter(c)) {
            std::size_t size = 1;
            while (isLetter(next(size)) || isDigit(next(size)))
                ++size;
            add(Token::Kind::Name, size);
        } else if (isDigit(c) || (c == '.' && isDigit(next(1)))) {
            number();
        } else if (c == '"' || c == '\'') {
            text(c);
        } else {
            sign(c);
        }
    }

    void newline()
    {
        if (m_brackets == 0) {
            add(Token::Kind::Newline, 1);
            m_lineStarts = true;
        } else {
            ++m_at;
        }
        ++m_line;
    }

    void number()
    {
        constexpr std::size_t kLongest = 40;
        std::size_t size = 0;
        const auto digits = [&] {
            while (isDigit(next(size)))
                ++size;
        };
        digits();
        if (next(size) == '.') {
            ++size;
            digits();
        }
        if (next(size) == 'e') {
            size += next(size + 1) == '-' || next(size + 1) == '+' ? 2 : 1;
            if (!isDigit(next(size)))
                refuse("has a number that is none");
            digits();
        }
        if (isLetter(next(size)) || size > kLongest)
            refuse("has a number that is none");
        add(Token::Kind::Number, size);
    }

    void text(char quote)
    {
        std::size_t size = 1;
        if (next(1) == quote && next(2) == quote)
            refuse("starts a string of several lines");
        for (; next(size) != quote; ++size) {
            if (static_cast<unsigned char>(next(size)) < ' ')
                refuse("has a string without an end");
            if (next(size) == '\\')
                size += escape(size + 1);
        }
        add(Token::Kind::Text, size + 1);
    }

    /// The characters behind a backslash that belong to it.
    std::size_t escape(std::size_t at) const
    {
        const auto isHex = [&](std::size_t ahead) { return std::isxdigit(static_cast<unsigned char>(next(ahead))) != 0; };
        if (next(at) == 'x' && isHex(at + 1) && isHex(at + 2))
            return 3;
        const auto isOctal = [&](std::size_t ahead) { return next(ahead) >= '0' && next(ahead) <= '7'; };
        if (isOctal(at) && isOctal(at + 1) && isOctal(at + 2))
            return 3;
        if (std::string_view("\\'\"abfnrtv").find(next(at)) == std::string_view::npos)
            refuse("has a string with an unknown escape");
        return 1;
    }

    void sign(char c)
    {
        if (std::string_view("()[]{},.:=+-*/%<>!").find(c) == std::string_view::npos)
            refuse("has a character that scripts do not have");
        const std::string_view two = m_text.substr(m_at, 2);
        const bool isPair = two == "->" || two == "==" || two == "!=" || two == "<=" || two == ">=" || two == "//";
        m_brackets += c == '(' || c == '[' || c == '{' ? 1 : 0;
        m_brackets -= c == ')' || c == ']' || c == '}' ? 1 : 0;
        if (m_brackets < 0)
            refuse("closes a bracket that was not opened");
        add(Token::Kind::Sign, isPair ? 2 : 1);
    }

    std::string_view m_text;
    const std::string& m_record;
    std::size_t m_at = 0;
    std::size_t m_line = 1;
    int m_brackets = 0;
    bool m_lineStarts = true;
    std::vector<std::size_t> m_indents { 0 };
    std::vector<Token> m_tokens;
};

} // namespace

std::vector<Token> tokensOf(std::string_view text, const std::string& record)
{
    return Lexer(text, record).run();
}

} // namespace bitscape::script
