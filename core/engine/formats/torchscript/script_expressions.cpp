// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/formats/torchscript/script_expressions.h"

#include <algorithm>
#include <array>

namespace bitscape::script {
namespace {

using Kind = Token::Kind;

constexpr int kDeepest = 100;

constexpr auto kOperators
    = std::to_array<std::string_view>({ "+", "-", "*", "/", "//", "%", "<", ">", "<=", ">=", "==", "!=", "and", "or", "is", "in" });

} // namespace

/// One level of something that LibTorch calls itself for.
class Expressions::Level final {
public:
    explicit Level(Expressions& owner)
        : m_owner(owner)
    {
        m_owner.deepen();
    }
    ~Level() { --m_owner.m_depth; }
    Level(const Level&) = delete;
    Level& operator=(const Level&) = delete;

private:
    Expressions& m_owner;
};

void Expressions::deepen()
{
    if (++m_depth > kDeepest)
        m_words.refuse("has an expression of more than " + std::to_string(kDeepest) + " levels");
}

void Expressions::type()
{
    const Level level(*this);
    m_words.name();
    while (m_words.accept("."))
        m_words.name();
    if (!m_words.accept("["))
        return;
    if (m_words.accept("(")) { // Tuple[()]
        m_words.expect(")");
        return m_words.expect("]");
    }
    if (m_words.isSign("]"))
        m_words.refuse("has a type of nothing");
    m_words.listUpTo("]", [this] { type(); });
}

void Expressions::literal()
{
    const Level level(*this);
    if (m_words.accept("-") || m_words.is(Kind::Number))
        return m_words.expect(Kind::Number, "a number");
    if (m_words.is(Kind::Text))
        return m_words.expect(Kind::Text, "a string");
    if (m_words.accept("("))
        return m_words.listUpTo(")", [this] { literal(); });
    if (m_words.accept("["))
        return m_words.listUpTo("]", [this] { literal(); });
    if (m_words.accept("annotate")) { // annotate(List[int], [])
        m_words.expect("(");
        type();
        m_words.expect(",");
        literal();
        return m_words.expect(")");
    }
    if (m_words.accept("float")) { // float("inf")
        m_words.expect("(");
        m_words.expect(Kind::Text, "a number");
        return m_words.expect(")");
    }
    if (!m_words.accept("True") && !m_words.accept("False") && !m_words.accept("None"))
        m_words.refuse("has a constant or default that is not plainly written out");
}

void Expressions::expression()
{
    const Level level(*this);
    operand();
    int added = 0;
    for (; std::ranges::find(kOperators, m_words.now().text) != kOperators.end() && !m_words.is(Kind::Text); ++added) {
        m_words.expect(m_words.now().kind, "an operator");
        deepen();
        operand();
    }
    m_depth -= added;
}

void Expressions::operand()
{
    const Level level(*this);
    if (m_words.accept("-") || m_words.accept("not"))
        return operand();
    atom();
    m_depth -= trailers();
}

/// Attributes, calls and subscripts; answers how many levels they add.
int Expressions::trailers()
{
    int added = 0;
    for (; m_words.isSign(".") || m_words.isSign("(") || m_words.isSign("["); ++added) {
        deepen();
        if (m_words.accept("."))
            m_words.name();
        else if (m_words.accept("("))
            m_words.listUpTo(")", [this] { argument(); });
        else
            subscript();
    }
    return added;
}

/// x[0], or Dict[str, int] where a type is an argument.
void Expressions::subscript()
{
    m_words.expect("[");
    if (m_words.isSign("]"))
        m_words.refuse("asks for nothing");
    m_words.listUpTo("]", [this] { expression(); });
}

void Expressions::argument()
{
    if (m_words.is(Kind::Name) && m_words.next().kind == Kind::Sign && m_words.next().text == "=")
        m_words.name(), m_words.expect("=");
    expression();
}

void Expressions::atom()
{
    if (m_words.is(Kind::Number) || m_words.is(Kind::Text)) {
        m_words.expect(m_words.now().kind, "a value");
    } else if (m_words.accept("(")) {
        m_words.listUpTo(")", [this] { expression(); });
    } else if (m_words.accept("[")) {
        m_words.listUpTo("]", [this] { expression(); });
    } else if (m_words.accept("{")) {
        m_words.listUpTo("}", [this] { expression(), m_words.expect(":"), expression(); });
    } else {
        m_words.name();
    }
}

void Expressions::several()
{
    expression();
    for (int count = 1; m_words.accept(","); ++count) {
        if (m_words.is(Kind::Newline) || m_words.isSign("="))
            return;
        m_words.checkLength(count);
        expression();
    }
}

} // namespace bitscape::script
