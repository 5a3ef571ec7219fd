// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/formats/torchscript/pickle_check.h"

#include "core/engine/formats/torchscript/pickle_stack.h"

#include "core/base/error.h"

#include <cstring>
#include <map>

namespace bitscape {
namespace {

using pickle::Item;
using pickle::Kind;

/// Bytes per number by the name of a storage; those that Bitscape can turn into float32 or ignore.
const std::map<std::string_view, std::int64_t>& storageSizes()
{
    static const std::map<std::string_view, std::int64_t> sizes { { "FloatStorage", 4 }, { "DoubleStorage", 8 }, { "HalfStorage", 2 },
        { "BFloat16Storage", 2 }, { "LongStorage", 8 }, { "IntStorage", 4 }, { "ShortStorage", 2 }, { "CharStorage", 1 },
        { "ByteStorage", 1 }, { "BoolStorage", 1 } };
    return sizes;
}

class Checker final {
public:
    Checker(std::string_view bytes, const std::string& name)
        : m_bytes(bytes)
        , m_stack(name)
    {
    }

    PickleContents run()
    {
        if (take(2) != "\x80\x02")
            m_stack.refuse("is no pickle of protocol 2");
        for (char code = take(1)[0]; code != '.'; code = take(1)[0])
            step(code);
        m_stack.finish();
        return std::move(m_contents);
    }

private:
    std::string_view take(std::uint64_t count)
    {
        if (count > m_bytes.size() - m_at)
            m_stack.refuse("ends too early");
        const std::string_view taken = m_bytes.substr(m_at, count);
        m_at += count;
        return taken;
    }

    template <typename Number> Number number()
    {
        Number value;
        std::memcpy(&value, take(sizeof value).data(), sizeof value);
        return value;
    }

    std::string_view line()
    {
        const std::size_t end = m_bytes.find('\n', m_at);
        if (end == std::string_view::npos)
            m_stack.refuse("ends too early");
        const std::string_view text = take(end - m_at);
        take(1);
        return text;
    }

    void step(char code);
    bool stepConstant(char code);
    bool stepContainer(char code);
    void global();
    void reduce();
    void storage();
    void tensor(const Item& arguments);

    std::string_view m_bytes;
    std::size_t m_at = 0;
    pickle::Stack m_stack;
    PickleContents m_contents;
};

/// Opcodes that push one plain value.
bool Checker::stepConstant(char code)
{
    switch (code) {
    case '\x88':
    case '\x89':
        m_stack.push({ Kind::Bool });
        return true;
    case 'N':
        m_stack.push({ Kind::None });
        return true;
    case 'K':
        m_stack.push({ Kind::Integer, number<std::uint8_t>() });
        return true;
    case 'M':
        m_stack.push({ Kind::Integer, number<std::uint16_t>() });
        return true;
    case 'J':
        m_stack.push({ Kind::Integer, number<std::int32_t>() });
        return true;
    case '\x8a':
        if (number<std::uint8_t>() != 8)
            m_stack.refuse("has a whole number of more than 64 bits");
        m_stack.push({ Kind::Integer, number<std::int64_t>() });
        return true;
    case 'G':
        take(8);
        m_stack.push({ Kind::Real });
        return true;
    case 'X':
        m_stack.push({ Kind::Text, 0, take(number<std::uint32_t>()) });
        return true;
    default:
        return false;
    }
}

/// Opcodes that make and fill lists, dictionaries and tuples.
bool Checker::stepContainer(char code)
{
    switch (code) {
    case ']':
        m_stack.push({ Kind::List });
        return true;
    case '}':
        m_stack.push({ Kind::Dict });
        return true;
    case ')':
        m_stack.push({ Kind::Tuple });
        return true;
    case '(':
        m_stack.mark();
        return true;
    case 't':
        m_stack.makeTuple(m_stack.sinceMark());
        return true;
    case '\x85':
    case '\x86':
    case '\x87':
        m_stack.makeTuple(static_cast<std::size_t>(code - '\x84'));
        return true;
    case 'e':
    case 'u':
        m_stack.fill(code == 'e' ? Kind::List : Kind::Dict);
        return true;
    default:
        return false;
    }
}

void Checker::step(char code)
{
    if (stepConstant(code) || stepContainer(code))
        return;
    switch (code) {
    case 'q':
        return m_stack.remember(number<std::uint8_t>());
    case 'r':
        return m_stack.remember(number<std::uint32_t>());
    case 'h':
        return m_stack.recall(number<std::uint8_t>());
    case 'j':
        return m_stack.recall(number<std::uint32_t>());
    case 'c':
        return global();
    case '\x81': // a class and its arguments: none, the object is built by what follows
        if (m_stack.pop().kind != Kind::Tuple || m_stack.top().kind != Kind::Class)
            m_stack.refuse("makes an object of something that is no class");
        return;
    case 'b':
    case 'R':
        return reduce();
    case 'Q':
        return storage();
    default:
        m_stack.refuse("has an instruction (" + std::to_string(static_cast<unsigned char>(code)) + ") that TorchScript files do not have");
    }
}

void Checker::global()
{
    const std::string_view module = line(), name = line();
    const std::string whole = std::string(module) + "." + std::string(name);
    if (module == "torch" && storageSizes().contains(name))
        return m_stack.push({ Kind::Precision, storageSizes().at(name) });
    if (module == "__torch__" || module.starts_with("__torch__."))
        return m_stack.push({ Kind::Class, 0, name });
    for (const char* known : { "torch._utils._rebuild_tensor_v2", "torch.jit._pickle.build_intlist", "torch.jit._pickle.build_tensorlist",
             "torch.jit._pickle.build_doublelist", "torch.jit._pickle.build_boollist", "torch.jit._pickle.restore_type_tag",
             "collections.OrderedDict", "torch.device" }) {
        if (whole == known)
            return m_stack.push({ Kind::Function, 0, name });
    }
    m_stack.unsupported("'" + whole + "'");
}

/// A function, or the class of an object, with what it is made of on top.
void Checker::reduce()
{
    const Item arguments = m_stack.pop(), function = m_stack.pop();
    if (function.kind == Kind::Class) {
        if (arguments.kind != Kind::Dict)
            m_stack.unsupported("an object '" + std::string(function.text) + "' that makes itself");
        return m_stack.push({ Kind::Object, 0, {}, arguments.depth + 1 });
    }
    if (function.kind != Kind::Function || arguments.kind != Kind::Tuple)
        m_stack.refuse("calls something that is no function");
    if (function.text == "OrderedDict")
        return m_stack.push({ Kind::None });
    if (function.text == "_rebuild_tensor_v2")
        return tensor(arguments);
    const Item& first = m_stack.element(arguments, 0);
    if (function.text == "device") {
        if (first.kind != Kind::Text)
            m_stack.refuse("has a device without a name");
        return m_stack.push({ Kind::Other });
    }
    if (function.text == "restore_type_tag") {
        const Item& type = m_stack.element(arguments, 1);
        constexpr std::size_t kLongestType = 256;
        if (type.kind != Kind::Text || type.text.size() > kLongestType || (first.kind != Kind::List && first.kind != Kind::Dict))
            m_stack.refuse("has a list or dictionary without a type");
    } else if (first.kind != Kind::List) {
        m_stack.refuse("has a list that is none");
    }
    m_stack.push({ first.kind, 0, {}, first.depth, 0, 0, true });
}

/// ("storage", precision, key, device, elements)
void Checker::storage()
{
    const Item arguments = m_stack.pop();
    if (arguments.kind != Kind::Tuple || arguments.count < 5)
        m_stack.refuse("has a storage that does not say what it is");
    const Item &word = m_stack.element(arguments, 0), &precision = m_stack.element(arguments, 1), &key = m_stack.element(arguments, 2),
               &device = m_stack.element(arguments, 3), &elements = m_stack.element(arguments, 4);
    if (word.text != "storage" || precision.kind != Kind::Precision || key.kind != Kind::Text || device.kind != Kind::Text
        || elements.kind != Kind::Integer || elements.number < 0 || elements.number > (std::int64_t { 1 } << 40))
        m_stack.refuse("has a storage that does not say what it is");
    if (!device.text.starts_with("cpu") && !device.text.starts_with("cuda"))
        m_stack.unsupported("a tensor on the device '" + std::string(device.text) + "'");
    m_contents.storages.push_back({ std::string(key.text), static_cast<std::uint64_t>(elements.number * precision.number) });
    m_stack.push({ Kind::Storage, elements.number });
}

/// (storage, offset, sizes, strides, gradient, hooks): every element must lie in the storage.
void Checker::tensor(const Item& arguments)
{
    constexpr std::uint32_t kMostDimensions = 16;
    if (arguments.count < 6)
        m_stack.refuse("has a tensor that does not say what it is");
    const Item &storage = m_stack.element(arguments, 0), &offset = m_stack.element(arguments, 1), &sizes = m_stack.element(arguments, 2),
               &strides = m_stack.element(arguments, 3);
    if (storage.kind != Kind::Storage || offset.kind != Kind::Integer || sizes.kind != Kind::Tuple || strides.kind != Kind::Tuple
        || sizes.count != strides.count || sizes.count > kMostDimensions || m_stack.element(arguments, 4).kind != Kind::Bool)
        m_stack.refuse("has a tensor that does not say what it is");
    std::int64_t last = offset.number, elements = 1;
    bool overflows = last < 0;
    std::vector<std::int64_t> shape;
    for (std::uint32_t i = 0; i < sizes.count; ++i) {
        const Item &size = m_stack.element(sizes, i), &stride = m_stack.element(strides, i);
        std::int64_t reach = 0;
        overflows |= size.kind != Kind::Integer || stride.kind != Kind::Integer || size.number < 0 || stride.number < 0
            || __builtin_mul_overflow(std::max<std::int64_t>(size.number - 1, 0), stride.number, &reach)
            || __builtin_add_overflow(last, reach, &last) || __builtin_mul_overflow(elements, size.number, &elements);
        shape.push_back(size.number);
    }
    if (overflows || (elements > 0 && (last >= storage.number || elements > storage.number)))
        m_stack.refuse("has a tensor that is larger than what is stored for it");
    m_contents.tensors.push_back(std::move(shape));
    m_stack.push({ Kind::Tensor });
}

} // namespace

PickleContents checkPickle(std::string_view bytes, const std::string& name)
{
    return Checker(bytes, name).run();
}

} // namespace bitscape
