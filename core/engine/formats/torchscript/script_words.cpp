// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/formats/torchscript/script_words.h"

#include "core/base/error.h"

#include <algorithm>
#include <array>

namespace bitscape::script {
namespace {

constexpr auto kKeywords = std::to_array<std::string_view>({ "and", "as", "assert", "async", "await", "break", "class", "continue", "def",
    "del", "elif", "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is", "lambda", "nonlocal", "not", "or",
    "pass", "raise", "return", "try", "while", "with", "yield" });

} // namespace

Words::Words(std::string_view text, const std::string& record)
    : m_tokens(tokensOf(text, record))
    , m_record(record)
{
}

void Words::refuse(const std::string& what) const
{
    throw Error(ErrorCode::BadInput,
        "Line " + std::to_string(now().line) + " of the file's script '" + m_record + "' " + what
            + ": it is damaged, or not one of torch.jit.save().");
}

bool Words::accept(std::string_view text)
{
    const bool found = isSign(text) || isWord(text);
    m_at += found ? 1 : 0;
    return found;
}

void Words::expect(std::string_view text)
{
    if (!accept(text))
        refuse("lacks a '" + std::string(text) + "'");
}

void Words::expect(Token::Kind kind, const std::string& what)
{
    if (!is(kind) || isEnd())
        refuse("lacks " + what);
    ++m_at;
}

std::string_view Words::name()
{
    if (!is(Token::Kind::Name) || std::ranges::find(kKeywords, now().text) != kKeywords.end())
        refuse("lacks a name");
    return m_tokens[m_at++].text;
}

void Words::checkLength(int count) const
{
    if (count == kLongestList)
        refuse("has a list of more than " + std::to_string(kLongestList));
}

} // namespace bitscape::script
