// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/formats/torchscript/script_lexer.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace bitscape::script {

/// A script word by word. Whatever is asked for and does not stand there is refused with Error(BadInput), naming record and line.
class Words final {
public:
    static constexpr int kLongestList = 4096;

    Words(std::string_view text, const std::string& record);

    const std::string& record() const { return m_record; }
    const Token& now() const { return m_tokens[m_at]; }
    const Token& next() const { return m_tokens[m_at + (now().kind == Token::Kind::End ? 0 : 1)]; }
    bool isEnd() const { return now().kind == Token::Kind::End; }
    bool is(Token::Kind kind) const { return now().kind == kind; }
    bool isSign(std::string_view text) const { return is(Token::Kind::Sign) && now().text == text; }
    bool isWord(std::string_view text) const { return is(Token::Kind::Name) && now().text == text; }

    /// Takes a sign or a word if it stands there.
    bool accept(std::string_view text);
    void expect(std::string_view text);
    void expect(Token::Kind kind, const std::string& what);
    /// A name that is no keyword.
    std::string_view name();

    /// Items with commas between them, and perhaps behind the last, up to the sign `end`.
    template <typename Item> void listUpTo(std::string_view end, const Item& item)
    {
        for (int count = 0; !accept(end); ++count) {
            checkLength(count);
            item();
            if (!accept(",") && !isSign(end))
                refuse("lacks a comma");
        }
    }

    /// Refuses a list that goes on behind `count` items, where these are kLongestList.
    void checkLength(int count) const;
    std::size_t position() const { return m_at; }
    std::span<const Token> since(std::size_t position) const { return std::span(m_tokens).subspan(position, m_at - position); }
    [[noreturn]] void refuse(const std::string& what) const;

private:
    std::vector<Token> m_tokens;
    std::size_t m_at = 0;
    std::string m_record;
};

} // namespace bitscape::script
