// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/formats/torchscript/torchscript_archive.h"

#include "core/base/error.h"
#include "core/engine/formats/torchscript/pickle_check.h"
#include "core/engine/formats/torchscript/script_grammar.h"
#include "core/engine/formats/torchscript/zip_view.h"

#include <torch/csrc/jit/serialization/import.h>

#include <algorithm>
#include <array>
#include <fstream>

namespace bitscape {
namespace {

constexpr std::uint64_t kLargestPickle = std::uint64_t { 2 } << 20;
constexpr std::uint64_t kMostScript = std::uint64_t { 2 } << 20; ///< four times the largest of torchvision's networks
constexpr std::size_t kMostDeclarations = 20000;
constexpr std::uint64_t kLargestExtra = std::uint64_t { 16 } << 20;

[[noreturn]] void refusePickle(const std::string& file)
{
    throw Error(ErrorCode::Unsupported,
        "'" + file
            + "' holds a pickled module or a state_dict (torch.save), which only Python can read: load it there into its network and save "
              "that as TorchScript:\n"
              "    network.eval()\n"
              "    torch.jit.script(network).save('network.pt')");
}

/// What torch.save() wrote before PyTorch 1.6 is a bare pickle.
const std::filesystem::path& notABarePickle(const std::filesystem::path& file)
{
    std::array<char, 2> first {};
    std::ifstream(file, std::ios::binary).read(first.data(), first.size());
    if (first[0] == '\x80' && first[1] >= 2 && first[1] <= 5)
        refusePickle(file.filename().string());
    return file;
}

bool isScript(const std::string& name)
{
    return name.starts_with("code/") && name.ends_with(".py");
}

/// What LibTorch needs of the file.
bool isNeeded(const std::string& name)
{
    return isScript(name) || name == "version" || name == ".data/version" || name == "data.pkl" || name == "constants.pkl"
        || name.starts_with("data/") || name.starts_with("constants/");
}

} // namespace

std::string reasonOf(const std::exception& error)
{
    const auto* known = dynamic_cast<const c10::Error*>(&error);
    const std::string whole = known ? known->what_without_backtrace() : error.what();
    const std::size_t begin = std::min(whole.find_first_not_of(" \n"), whole.size());
    std::string line = whole.substr(begin, whole.find('\n', begin) - begin);
    line.resize(std::min(line.find_last_not_of(".: ") + 1, line.size()));
    return line;
}

TorchScriptArchive::TorchScriptArchive(const std::filesystem::path& file, JobContext& context)
    : m_zip(notABarePickle(file))
{
    checkKind();
    checkScripts();
    checkPickles(context);
}

void TorchScriptArchive::checkKind() const
{
    const auto& entries = m_zip.entries();
    const bool hasScript = std::any_of(entries.begin(), entries.end(), [](const auto& entry) { return isScript(entry.name); });
    if (!hasScript && m_zip.find("data.pkl"))
        refusePickle(m_zip.fileName());
    if (!hasScript || !m_zip.find("data.pkl") || !m_zip.find("constants.pkl") || m_zip.find("model.json"))
        m_zip.refuse("is a zip file, but not one of torch.jit.save() of PyTorch 1.4 or later");
}

void TorchScriptArchive::checkScripts()
{
    if (const auto* order = m_zip.find("byteorder"); order && order->size < 16 && m_zip.read(*order) != "little")
        m_zip.refuse("was written on a big-endian machine, which is not understood");
    std::uint64_t bytes = 0;
    std::size_t declarations = 0;
    for (const auto& entry : m_zip.entries()) {
        if (!isScript(entry.name))
            continue;
        bytes += entry.size;
        if (bytes > kMostScript)
            m_zip.refuse("holds more than " + std::to_string(kMostScript >> 20) + " MiB of script, more than any network here needs");
        declarations += script::checkScript(m_zip.read(entry), entry.name);
    }
    if (declarations > kMostDeclarations)
        m_zip.refuse(
            "declares more than " + std::to_string(kMostDeclarations) + " classes and functions, more than any network here needs");
}

void TorchScriptArchive::checkPickles(JobContext& context)
{
    std::uint64_t loaded = 0;
    for (const std::string name : { "data", "constants" }) {
        const auto& pickle = *m_zip.find(name + ".pkl");
        if (pickle.size > kLargestPickle)
            m_zip.refuse(
                "has a record '" + pickle.name + "' of " + std::to_string(pickle.size) + " bytes, more than any network here needs");
        for (const auto& storage : checkPickle(m_zip.read(pickle), pickle.name).storages) {
            const auto* record = m_zip.find(name + "/" + storage.key);
            if (storage.bytes > 0 && (!record || record->deflated || record->size < storage.bytes))
                m_zip.refuse(
                    "says that '" + name + "/" + storage.key + "' has " + std::to_string(storage.bytes) + " bytes, which it has not");
            loaded += record ? record->size : 0;
        }
    }
    if (loaded > m_zip.size())
        m_zip.refuse("uses its stored numbers more than once");
    for (const auto& entry : m_zip.entries()) {
        if (isNeeded(entry.name) && !entry.deflated)
            m_zip.verify(entry, context);
    }
}

torch::jit::Module TorchScriptArchive::load()
{
    try {
        return torch::jit::load(std::make_shared<ZipView>(m_zip, isNeeded), c10::Device(c10::kCPU));
    } catch (const Error&) {
        throw;
    } catch (const std::exception& error) {
        m_zip.refuse("cannot be loaded by LibTorch: " + reasonOf(error));
    }
}

std::optional<std::vector<std::int64_t>> TorchScriptArchive::tracedInput()
{
    const auto* record = m_zip.find("traced_inputs.pkl");
    if (!record || record->size > kLargestPickle)
        return std::nullopt;
    const auto tensors = checkPickle(m_zip.read(*record), record->name).tensors;
    return tensors.size() == 1 && tensors[0].size() == 4 ? std::optional(tensors[0]) : std::nullopt;
}

std::optional<std::string> TorchScriptArchive::extraFile(const std::string& name)
{
    const auto* record = m_zip.find("extra/" + name);
    return record && record->size <= kLargestExtra ? std::optional(m_zip.read(*record)) : std::nullopt;
}

std::string TorchScriptArchive::version()
{
    const auto* record = m_zip.find("version") ? m_zip.find("version") : m_zip.find(".data/version");
    const std::string text = record && record->size < 16 ? m_zip.read(*record) : "";
    return text.substr(0, text.find_first_not_of("0123456789"));
}

} // namespace bitscape
