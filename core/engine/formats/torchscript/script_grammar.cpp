// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/formats/torchscript/script_grammar.h"

#include "core/base/error.h"
#include "core/engine/formats/torchscript/script_lexer.h"

#include <algorithm>
#include <array>

namespace bitscape::script {
namespace {

using Kind = Token::Kind;

constexpr int kDeepest = 100;
constexpr int kLongestList = 4096;
constexpr int kMostStatements = 20000; ///< of one function, which LibTorch compiles as a whole

constexpr auto kKeywords = std::to_array<std::string_view>({ "and", "as", "assert", "async", "await", "break", "class", "continue", "def",
    "del", "elif", "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is", "lambda", "nonlocal", "not", "or",
    "pass", "raise", "return", "try", "while", "with", "yield" });

constexpr auto kOperators
    = std::to_array<std::string_view>({ "+", "-", "*", "/", "//", "%", "<", ">", "<=", ">=", "==", "!=", "and", "or", "is", "in" });

bool isKeyword(std::string_view word)
{
    return std::ranges::find(kKeywords, word) != kKeywords.end();
}

class Grammar final {
public:
    Grammar(std::string_view text, const std::string& record)
        : m_tokens(tokensOf(text, record))
        , m_record(record)
    {
    }

    std::size_t run()
    {
        while (m_at->kind != Kind::End) {
            if (isWord("class"))
                classOf();
            else if (isWord("def"))
                function();
            else if (accept("op_version_set"))
                expect("="), literal(), expectNewline();
            else
                refuse("is neither a class nor a function");
        }
        return m_declarations;
    }

private:
    /// One level of something that LibTorch calls itself for.
    class Level final {
    public:
        explicit Level(Grammar& grammar)
            : m_grammar(grammar)
        {
            if (++m_grammar.m_depth > kDeepest)
                m_grammar.refuse("has an expression of more than " + std::to_string(kDeepest) + " levels");
        }
        ~Level() { --m_grammar.m_depth; }
        Level(const Level&) = delete;
        Level& operator=(const Level&) = delete;

    private:
        Grammar& m_grammar;
    };

    [[noreturn]] void refuse(const std::string& what) const
    {
        throw Error(ErrorCode::BadInput,
            "Line " + std::to_string(m_at->line) + " of the file's script '" + m_record + "' " + what
                + ": it is damaged, or not one of torch.jit.save().");
    }

    bool isSign(std::string_view text) const { return m_at->kind == Kind::Sign && m_at->text == text; }
    bool isWord(std::string_view text) const { return m_at->kind == Kind::Name && m_at->text == text; }
    bool is(std::string_view text) const { return isSign(text) || isWord(text); }

    bool accept(std::string_view text)
    {
        const bool found = is(text);
        m_at += found ? 1 : 0;
        return found;
    }

    void expect(std::string_view text)
    {
        if (!accept(text))
            refuse("lacks a '" + std::string(text) + "'");
    }

    void expect(Kind kind, const std::string& what)
    {
        if (m_at->kind != kind)
            refuse("lacks " + what);
        ++m_at;
    }

    void expectNewline() { expect(Kind::Newline, "its end"); }

    std::string_view name()
    {
        if (m_at->kind != Kind::Name || isKeyword(m_at->text))
            refuse("lacks a name");
        return (m_at++)->text;
    }

    /// Items with commas between them, and perhaps behind the last, up to `end`.
    template <typename Item> void listUpTo(std::string_view end, const Item& item)
    {
        for (int count = 0; !accept(end); ++count) {
            if (count == kLongestList)
                refuse("has a list of more than " + std::to_string(kLongestList));
            item();
            if (!accept(",") && !is(end))
                refuse("lacks a comma");
        }
    }

    void classOf();
    void classItem(bool isTuple);
    void nameList();
    void function();
    void parameter();
    void type();
    void literal();
    void block();
    void statement();
    void loop();
    void simple();
    void expression();
    void operand();
    void argument();
    void subscript();
    void atom();
    int trailers();

    std::vector<Token> m_tokens;
    std::vector<Token>::const_iterator m_at = m_tokens.cbegin();
    std::string m_record;
    int m_depth = 0;
    std::size_t m_declarations = 0;
    int m_statements = 0;
};

void Grammar::classOf()
{
    ++m_declarations;
    expect("class");
    name();
    std::string_view base;
    if (accept("(")) {
        base = isSign(")") ? std::string_view() : name();
        expect(")");
    }
    if (!base.empty() && base != "Module" && base != "NamedTuple" && base != "Interface" && base != "ModuleInterface")
        refuse("declares a class of a kind that is not understood ('" + std::string(base) + "')");
    expect(":");
    expectNewline();
    expect(Kind::Indent, "a block");
    while (m_at->kind != Kind::Dedent)
        classItem(base == "NamedTuple");
    ++m_at;
}

void Grammar::classItem(bool isTuple)
{
    if (isWord("def") && !isTuple)
        return function();
    if (accept("pass"))
        return expectNewline();
    const std::string_view word = name();
    if (accept("=")) {
        if (word != "__parameters__" && word != "__buffers__" && word != "__forward_hooks__" && word != "__forward_pre_hooks__"
            && word != "__annotations__")
            refuse("sets something that classes do not have");
        nameList();
    } else if (word == "__annotations__" && accept("[")) {
        expect(Kind::Text, "a name");
        expect("]");
        expect("=");
        type();
    } else {
        expect(":");
        const bool isConstant = isWord("Final");
        type();
        if (accept("=")) {
            if (!isConstant && !isTuple)
                refuse("sets something that is no constant");
            literal();
        } else if (isConstant) {
            refuse("lacks the constant's value");
        }
    }
    expectNewline();
}

void Grammar::nameList()
{
    expect("[");
    listUpTo("]", [this] { expect(Kind::Text, "a name"); });
}

void Grammar::function()
{
    ++m_declarations;
    m_statements = 0;
    expect("def");
    if (isWord("__setstate__"))
        throw Error(ErrorCode::Unsupported,
            "The file's script '" + m_record
                + "' runs code of its own while it is loaded (__setstate__), as quantized networks do: only floating-point networks are "
                  "understood.");
    name();
    expect("(");
    listUpTo(")", [this] { parameter(); });
    if (accept("->"))
        type();
    expect(":");
    block();
}

void Grammar::parameter()
{
    name();
    if (accept(":"))
        type();
    if (accept("="))
        literal();
}

/// Tensor, __torch__.net.Block, Optional[Tuple[int, int]]
void Grammar::type()
{
    const Level level(*this);
    name();
    while (accept("."))
        name();
    if (!accept("["))
        return;
    if (accept("(")) { // Tuple[()]
        expect(")");
        return expect("]");
    }
    if (isSign("]"))
        refuse("has a type of nothing");
    listUpTo("]", [this] { type(); });
}

/// What a constant or a default may be: nothing that is reckoned.
void Grammar::literal()
{
    const Level level(*this);
    if (accept("-") || m_at->kind == Kind::Number)
        return expect(Kind::Number, "a number");
    if (m_at->kind == Kind::Text) {
        ++m_at;
        return;
    }
    if (accept("("))
        return listUpTo(")", [this] { literal(); });
    if (accept("["))
        return listUpTo("]", [this] { literal(); });
    if (accept("annotate")) { // annotate(List[int], [])
        expect("(");
        type();
        expect(",");
        literal();
        return expect(")");
    }
    if (accept("float")) { // float("inf")
        expect("(");
        expect(Kind::Text, "a number");
        return expect(")");
    }
    if (!accept("True") && !accept("False") && !accept("None"))
        refuse("has a constant or default that is not plainly written out");
}

void Grammar::block()
{
    expectNewline();
    expect(Kind::Indent, "a block");
    while (m_at->kind != Kind::Dedent)
        statement();
    ++m_at;
}

void Grammar::statement()
{
    if (++m_statements > kMostStatements)
        refuse("stands in a function of more than " + std::to_string(kMostStatements) + " statements");
    if (accept("if")) {
        expression();
        expect(":");
        block();
        if (accept("else")) {
            expect(":");
            block();
        }
    } else if (isWord("for") || isWord("while")) {
        loop();
    } else {
        if (accept("return")) {
            if (m_at->kind != Kind::Newline)
                simple();
        } else if (!accept("pass")) {
            simple();
        }
        expectNewline();
    }
}

void Grammar::loop()
{
    if (accept("for")) {
        name();
        expect("in");
    } else {
        expect("while");
    }
    expression();
    expect(":");
    block();
}

/// An expression, several, or names that are set to one.
void Grammar::simple()
{
    const auto start = m_at;
    const auto several = [this] {
        expression();
        for (int count = 0; accept(","); ++count) {
            if (m_at->kind == Kind::Newline || isSign("="))
                break;
            if (count == kLongestList)
                refuse("has a list of more than " + std::to_string(kLongestList));
            expression();
        }
    };
    several();
    if (isSign(":") || isSign("=")) {
        for (auto word = start; word != m_at; ++word) {
            if (word->kind != Kind::Name && word->text != "." && word->text != ",")
                refuse("sets something that is no name");
        }
        if (accept(":"))
            type();
        expect("=");
        several();
    }
}

void Grammar::expression()
{
    const Level level(*this);
    operand();
    int added = 0;
    for (; std::ranges::find(kOperators, m_at->text) != kOperators.end() && m_at->kind != Kind::Text; ++added) {
        ++m_at;
        if (++m_depth > kDeepest)
            refuse("has an expression of more than " + std::to_string(kDeepest) + " levels");
        operand();
    }
    m_depth -= added;
}

void Grammar::operand()
{
    const Level level(*this);
    if (accept("-") || accept("not"))
        return operand();
    atom();
    m_depth -= trailers();
}

/// Attributes, calls and subscripts; answers how many levels they add.
int Grammar::trailers()
{
    int added = 0;
    for (; isSign(".") || isSign("(") || isSign("["); ++added) {
        if (++m_depth > kDeepest)
            refuse("has an expression of more than " + std::to_string(kDeepest) + " levels");
        if (accept("."))
            name();
        else if (accept("("))
            listUpTo(")", [this] { argument(); });
        else
            subscript();
    }
    return added;
}

/// x[0], or Dict[str, int] where a type is an argument.
void Grammar::subscript()
{
    expect("[");
    if (isSign("]"))
        refuse("asks for nothing");
    listUpTo("]", [this] { expression(); });
}

void Grammar::argument()
{
    if (m_at->kind == Kind::Name && std::next(m_at)->kind == Kind::Sign && std::next(m_at)->text == "=")
        name(), expect("=");
    expression();
}

void Grammar::atom()
{
    if (m_at->kind == Kind::Number || m_at->kind == Kind::Text) {
        ++m_at;
    } else if (accept("(")) {
        listUpTo(")", [this] { expression(); });
    } else if (accept("[")) {
        listUpTo("]", [this] { expression(); });
    } else if (accept("{")) {
        listUpTo("}", [this] { expression(), expect(":"), expression(); });
    } else {
        name();
    }
}

} // namespace

std::size_t checkScript(std::string_view text, const std::string& record)
{
    return Grammar(text, record).run();
}

} // namespace bitscape::script
