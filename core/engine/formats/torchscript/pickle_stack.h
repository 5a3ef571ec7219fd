// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace bitscape::pickle {

enum class Kind : std::uint8_t {
    Forgotten,
    None,
    Bool,
    Integer,
    Real,
    Text,
    List,
    Dict,
    Tuple,
    Precision, ///< `number` bytes per element
    Storage,   ///< of `number` elements
    Tensor,
    Class,
    Function,
    Object,
    Other
};

/// What an unpickler would have on its stack, as far as it must be known to check the next instruction.
struct Item {
    Kind kind = Kind::Forgotten;
    std::int64_t number = 0;
    std::string_view text = {};
    int depth = 0;                      ///< of nesting
    std::uint32_t begin = 0, count = 0; ///< Tuple: its elements
    bool closed = false;                ///< List, Dict: is part of something, and may not grow any more
};

/// The unpickler's stack, marks and memo. Everything that does not fit is refused with Error(BadInput).
class Stack final {
public:
    explicit Stack(const std::string& name)
        : m_name(name)
    {
    }

    void push(const Item& item);
    /// The top item, not below the last mark.
    Item pop();
    const Item& top();
    void mark();
    /// Items above the last mark, which is removed.
    std::size_t sinceMark();
    void makeTuple(std::size_t count);
    /// Puts what stands above the last mark into the list or dictionary below it.
    void fill(Kind kind);
    void remember(std::uint64_t key);
    void recall(std::uint64_t key);
    const Item& element(const Item& tuple, std::uint32_t index) const;
    /// The end: one item, no mark.
    void finish();

    [[noreturn]] void refuse(const std::string& what) const;
    [[noreturn]] void unsupported(const std::string& what) const;

private:
    int takeIn(Item& item);

    std::string m_name;
    std::vector<Item> m_items; ///< every value once; lists grow no deeper once they are part of something
    std::vector<std::uint32_t> m_stack, m_elements, m_memo;
    std::vector<std::size_t> m_marks;
    int m_containers = 0;
};

} // namespace bitscape::pickle
