// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/formats/torchscript/script_grammar.h"

#include "core/base/error.h"
#include "core/engine/formats/torchscript/script_expressions.h"
#include "core/engine/formats/torchscript/script_words.h"

namespace bitscape::script {
namespace {

using Kind = Token::Kind;

constexpr int kMostStatements = 20000; ///< of one function, which LibTorch compiles as a whole

class Grammar final {
public:
    Grammar(std::string_view text, const std::string& record)
        : m_words(text, record)
        , m_expressions(m_words)
    {
    }

    std::size_t run()
    {
        while (!m_words.isEnd()) {
            if (m_words.isWord("class")) {
                classOf();
            } else if (m_words.isWord("def")) {
                function();
            } else if (m_words.accept("op_version_set")) { // of PyTorch 1.5 and before
                m_words.expect("=");
                m_words.expect(Kind::Number, "a number");
                m_words.expect(Kind::Newline, "its end");
            } else {
                m_words.refuse("is neither a class nor a function");
            }
        }
        return m_declarations;
    }

private:
    void classOf();
    void classItem(std::string_view base);
    void special(std::string_view word);
    void function();
    void parameter();
    void block();
    void statement();
    void loop();
    void simple();

    Words m_words;
    Expressions m_expressions;
    std::size_t m_declarations = 0;
    int m_statements = 0;
};

void Grammar::classOf()
{
    ++m_declarations;
    m_words.expect("class");
    m_words.name();
    std::string_view base;
    if (m_words.accept("(")) {
        base = m_words.isSign(")") ? std::string_view() : m_words.name();
        m_words.expect(")");
    }
    if (!base.empty() && base != "Module" && base != "NamedTuple" && base != "Interface" && base != "ModuleInterface")
        m_words.refuse("declares a class of a kind that is not understood ('" + std::string(base) + "')");
    m_words.expect(":");
    m_words.expect(Kind::Newline, "its end");
    m_words.expect(Kind::Indent, "a block");
    while (!m_words.is(Kind::Dedent))
        classItem(base);
    m_words.expect(Kind::Dedent, "its end");
}

void Grammar::classItem(std::string_view base)
{
    if (m_words.isWord("def") && base != "NamedTuple")
        return function();
    if (base.ends_with("Interface"))
        m_words.refuse("is no function");
    const std::string_view word = m_words.name();
    const bool isSpecial = word.starts_with("__");
    if (isSpecial && base == "Module") {
        special(word);
    } else {
        m_words.expect(":");
        const bool isConstant = m_words.isWord("Final");
        if (isConstant && m_words.next().text != "[")
            m_words.refuse("has a constant without a type");
        m_expressions.type();
        if (isSpecial || isConstant != m_words.isSign("="))
            m_words.refuse("is neither an attribute nor a constant");
        if (m_words.accept("="))
            m_expressions.literal();
    }
    m_words.expect(Kind::Newline, "its end");
}

/// __parameters__ = ["weight"], or __annotations__["0"] = Tensor for an attribute that is no name.
void Grammar::special(std::string_view word)
{
    if (word == "__annotations__" && m_words.accept("[")) {
        m_words.expect(Kind::Text, "a name");
        m_words.expect("]");
        m_words.expect("=");
        return m_expressions.type();
    }
    if (word != "__parameters__" && word != "__buffers__" && word != "__forward_hooks__" && word != "__forward_pre_hooks__"
        && word != "__annotations__")
        m_words.refuse("sets something that classes do not have");
    m_words.expect("=");
    m_words.expect("[");
    m_words.listUpTo("]", [this] { m_words.expect(Kind::Text, "a name"); });
}

void Grammar::function()
{
    ++m_declarations;
    m_statements = 0;
    m_words.expect("def");
    if (m_words.isWord("__setstate__"))
        throw Error(ErrorCode::Unsupported,
            "The file's script '" + m_words.record()
                + "' runs code of its own while it is loaded (__setstate__), as quantized networks do: only floating-point networks are "
                  "understood.");
    m_words.name();
    m_words.expect("(");
    m_words.listUpTo(")", [this] { parameter(); });
    if (m_words.accept("->"))
        m_expressions.type();
    m_words.expect(":");
    block();
}

void Grammar::parameter()
{
    m_words.name();
    if (m_words.accept(":"))
        m_expressions.type();
    if (m_words.accept("="))
        m_expressions.literal();
}

void Grammar::block()
{
    m_words.expect(Kind::Newline, "its end");
    m_words.expect(Kind::Indent, "a block");
    while (!m_words.is(Kind::Dedent))
        statement();
    m_words.expect(Kind::Dedent, "its end");
}

void Grammar::statement()
{
    if (++m_statements > kMostStatements)
        m_words.refuse("stands in a function of more than " + std::to_string(kMostStatements) + " statements");
    if (m_words.accept("if")) {
        m_expressions.expression();
        m_words.expect(":");
        block();
        if (m_words.accept("else")) {
            m_words.expect(":");
            block();
        }
    } else if (m_words.isWord("for") || m_words.isWord("while")) {
        loop();
    } else {
        if (m_words.accept("return")) {
            if (!m_words.is(Kind::Newline))
                m_expressions.several();
        } else if (!m_words.accept("pass")) {
            simple();
        }
        m_words.expect(Kind::Newline, "its end");
    }
}

void Grammar::loop()
{
    if (m_words.accept("for")) {
        m_words.name();
        m_words.expect("in");
    } else {
        m_words.expect("while");
    }
    m_expressions.expression();
    m_words.expect(":");
    block();
}

/// A call, or names and attributes that are set to something.
void Grammar::simple()
{
    const std::size_t start = m_words.position();
    m_expressions.several();
    if (!m_words.isSign(":") && !m_words.isSign("="))
        return;
    for (const Token& word : m_words.since(start)) {
        if (word.kind != Kind::Name && word.text != "." && word.text != ",")
            m_words.refuse("sets something that is no name");
    }
    if (m_words.accept(":"))
        m_expressions.type();
    m_words.expect("=");
    m_expressions.several();
}

} // namespace

std::size_t checkScript(std::string_view text, const std::string& record)
{
    return Grammar(text, record).run();
}

} // namespace bitscape::script
