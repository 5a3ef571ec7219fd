// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/formats/torchscript/pickle_stack.h"

#include "core/base/error.h"

#include <algorithm>

namespace bitscape::pickle {
namespace {

constexpr int kDeepest = 64;
constexpr int kMostContainers = 50000; ///< lists and dictionaries: a module has one

bool isKey(Kind kind)
{
    return kind == Kind::Text || kind == Kind::Integer || kind == Kind::Bool || kind == Kind::Real;
}

} // namespace

void Stack::refuse(const std::string& what) const
{
    throw Error(
        ErrorCode::BadInput, "The file's record '" + m_name + "' " + what + ": the file is damaged, or not one of torch.jit.save().");
}

void Stack::unsupported(const std::string& what) const
{
    throw Error(ErrorCode::Unsupported,
        "The file's record '" + m_name + "' holds " + what
            + ", which is not understood: only floating-point networks are, saved by torch.jit.save().");
}

void Stack::push(const Item& item)
{
    if (item.depth > kDeepest)
        refuse("is nested more than " + std::to_string(kDeepest) + " deep");
    m_containers += item.kind == Kind::List || item.kind == Kind::Dict ? 1 : 0;
    if (m_containers > kMostContainers)
        refuse("has more than " + std::to_string(kMostContainers) + " lists and dictionaries");
    m_stack.push_back(static_cast<std::uint32_t>(m_items.size()));
    m_items.push_back(item);
}

Item Stack::pop()
{
    const Item item = top();
    m_items[m_stack.back()].closed = true;
    m_stack.pop_back();
    return item;
}

const Item& Stack::top()
{
    if (m_stack.size() <= (m_marks.empty() ? 0 : m_marks.back()))
        refuse("takes more than it has");
    return m_items[m_stack.back()];
}

void Stack::mark()
{
    m_marks.push_back(m_stack.size());
}

std::size_t Stack::sinceMark()
{
    if (m_marks.empty())
        refuse("takes more than it has");
    const std::size_t count = m_stack.size() - m_marks.back();
    m_marks.pop_back();
    return count;
}

int Stack::takeIn(Item& item)
{
    item.closed = true;
    return item.depth + 1;
}

void Stack::makeTuple(std::size_t count)
{
    if (m_stack.size() - (m_marks.empty() ? 0 : m_marks.back()) < count)
        refuse("takes more than it has");
    Item tuple { Kind::Tuple };
    tuple.begin = static_cast<std::uint32_t>(m_elements.size());
    tuple.count = static_cast<std::uint32_t>(count);
    for (std::size_t i = m_stack.size() - count; i < m_stack.size(); ++i) {
        tuple.depth = std::max(tuple.depth, takeIn(m_items[m_stack[i]]));
        m_elements.push_back(m_stack[i]);
    }
    m_stack.resize(m_stack.size() - count);
    push(tuple);
}

void Stack::fill(Kind kind)
{
    const std::size_t count = sinceMark(), begin = m_stack.size() - count;
    if (begin <= (m_marks.empty() ? 0 : m_marks.back()))
        refuse("takes more than it has");
    Item& owner = m_items[m_stack[begin - 1]];
    if (owner.kind != kind || owner.closed || (kind == Kind::Dict && count % 2 != 0))
        refuse("fills something that is no open list or dictionary");
    for (std::size_t i = begin; i < m_stack.size(); ++i) {
        Item& item = m_items[m_stack[i]];
        if (&item == &owner || (kind == Kind::Dict && (i - begin) % 2 == 0 && !isKey(item.kind)))
            refuse("fills a dictionary with keys that are none, or a list with itself");
        owner.depth = std::max(owner.depth, takeIn(item));
    }
    if (owner.depth > kDeepest)
        refuse("is nested more than " + std::to_string(kDeepest) + " deep");
    m_stack.resize(begin);
}

void Stack::remember(std::uint64_t key)
{
    top();
    if (key > m_items.size())
        refuse("remembers more than it has");
    if (key >= m_memo.size())
        m_memo.resize(key + 1, 0xFFFFFFFF);
    m_memo[key] = m_stack.back();
}

void Stack::recall(std::uint64_t key)
{
    if (key >= m_memo.size() || m_memo[key] == 0xFFFFFFFF)
        refuse("recalls what it never had");
    m_stack.push_back(m_memo[key]);
}

const Item& Stack::element(const Item& tuple, std::uint32_t index) const
{
    if (index >= tuple.count)
        refuse("has a tuple that is too short");
    return m_items[m_elements[tuple.begin + index]];
}

void Stack::finish()
{
    if (m_stack.size() != 1 || !m_marks.empty())
        refuse("leaves more than one value");
}

} // namespace bitscape::pickle
