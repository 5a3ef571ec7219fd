// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/data/cifar_reader.h"

#include "core/engine/data/cifar_names.h"
#include "core/engine/data/data_limits.h"
#include "core/engine/data/source_file.h"

#include <algorithm>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace bitscape {

namespace {

constexpr std::size_t kImageBytes = 3 * 32 * 32;
constexpr std::size_t kRecordsAtOnce = 256;
constexpr std::uint64_t kMaxNamesBytes = 1 << 16;

/// What tells CIFAR-100 from CIFAR-10.
struct Layout {
    std::string_view kind;
    std::string_view folder;                   ///< that the archive unpacks to
    std::vector<std::string_view> train, test; ///< file names
    std::string_view namesFile;
    std::span<const std::string_view> names;
    std::vector<unsigned> labelCounts; ///< of each label byte in front of an image; the last one is used
    std::size_t recordBytes() const { return labelCounts.size() + kImageBytes; }
};

Layout cifar10Layout()
{
    return { "cifar10", "cifar-10-batches-bin",
        { "data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin", "data_batch_4.bin", "data_batch_5.bin" }, { "test_batch.bin" },
        "batches.meta.txt", cifar10Names(), { 10 } };
}

Layout cifar100Layout()
{
    return { "cifar100", "cifar-100-binary", { "train.bin" }, { "test.bin" }, "fine_label_names.txt", cifar100Names(), { 20, 100 } };
}

/// The folder that has the batches: the given one, or the archive's own within it.
std::filesystem::path folderWithBatches(const std::filesystem::path& folder, const Layout& layout)
{
    requireFolder(folder);
    const std::filesystem::path inner = folder / layout.folder;
    return !std::filesystem::exists(folder / layout.train[0]) && std::filesystem::is_directory(inner) ? inner : folder;
}

class CifarReader final {
public:
    CifarReader(const std::filesystem::path& folder, Layout layout, JobContext& context);

    ImageSet read();

private:
    void readNames(ImageSet& set);
    void readPart(std::vector<SourceFile>& files, ImagePart& part);
    void readFile(SourceFile& file, ImagePart& part);
    void takeRecord(const SourceFile& file, std::uint64_t index, std::span<const std::uint8_t> record, ImagePart& part) const;

    Layout m_layout;
    std::filesystem::path m_folder;
    std::vector<SourceFile> m_train;
    std::vector<SourceFile> m_test;
    ReadProgress m_progress;
    std::uint64_t m_done = 0;
    std::vector<FileDigest> m_digests;
};

/// Opens all files of one part, so that a missing one is said before minutes of reading.
std::vector<SourceFile> openAll(const std::filesystem::path& folder, const Layout& layout, const std::vector<std::string_view>& names)
{
    std::vector<SourceFile> files;
    for (const std::string_view name : names) {
        const SourceFile& file = files.emplace_back(folder / name);
        if (file.size() == 0 || file.size() % layout.recordBytes() != 0) {
            refuseFile(file.path(),
                "has " + std::to_string(file.size()) + " bytes, which is not a multiple of the " + std::string(layout.kind) + " record's "
                    + std::to_string(layout.recordBytes()) + " or is none; get the file again.");
        }
        if (file.size() > kMaxPartBytes)
            refuseFile(file.path(), "is larger than the 16 GiB that are read at most.");
    }
    return files;
}

std::uint64_t bytesOf(const std::vector<SourceFile>& files)
{
    std::uint64_t sum = 0;
    for (const SourceFile& file : files)
        sum += file.size();
    return sum;
}

CifarReader::CifarReader(const std::filesystem::path& folder, Layout layout, JobContext& context)
    : m_layout(std::move(layout))
    , m_folder(folderWithBatches(folder, m_layout))
    , m_train(openAll(m_folder, m_layout, m_layout.train))
    , m_test(openAll(m_folder, m_layout, m_layout.test))
    , m_progress(context, static_cast<double>(bytesOf(m_train) + bytesOf(m_test)))
{
}

/// The lines of a text that are not blank.
std::vector<std::string> linesOf(std::string_view text)
{
    std::vector<std::string> lines;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        std::string_view line = text.substr(0, end);
        while (!line.empty() && (line.back() == '\r' || line.back() == ' ' || line.back() == '\t'))
            line.remove_suffix(1);
        if (!line.empty())
            lines.emplace_back(line);
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return lines;
}

void CifarReader::readNames(ImageSet& set)
{
    const std::filesystem::path path = m_folder / m_layout.namesFile;
    if (!std::filesystem::exists(path)) {
        set.classNames.assign(m_layout.names.begin(), m_layout.names.end());
        return;
    }
    WholeFile file = readWholeFile(path, kMaxNamesBytes);
    set.classNames = linesOf(std::string(file.bytes.begin(), file.bytes.end()));
    m_digests.push_back(std::move(file.digest));
    if (set.classNames.size() != m_layout.names.size()) {
        refuseFile(path,
            "has " + std::to_string(set.classNames.size()) + " class names, one a line; " + std::to_string(m_layout.names.size())
                + " are expected.");
    }
    if (!std::all_of(set.classNames.begin(), set.classNames.end(), isPrintableUtf8))
        refuseFile(path, "has a class name that is not UTF-8 text.");
}

void CifarReader::takeRecord(const SourceFile& file, std::uint64_t index, std::span<const std::uint8_t> record, ImagePart& part) const
{
    for (std::size_t i = 0; i < m_layout.labelCounts.size(); ++i) {
        if (record[i] >= m_layout.labelCounts[i]) {
            refuseFile(file.path(),
                "has the label " + std::to_string(record[i]) + " in record " + std::to_string(index) + " (counted from 0); labels of "
                    + std::string(m_layout.kind) + " are below " + std::to_string(m_layout.labelCounts[i]) + ".");
        }
    }
    const auto pixels = record.last(kImageBytes);
    part.labels.push_back(record[m_layout.labelCounts.size() - 1]);
    part.pixels.insert(part.pixels.end(), pixels.begin(), pixels.end());
}

void CifarReader::readFile(SourceFile& file, ImagePart& part)
{
    m_progress.setStage("reading " + file.path().filename().string());
    const std::size_t recordBytes = m_layout.recordBytes();
    std::vector<std::uint8_t> buffer(kRecordsAtOnce * recordBytes);
    std::uint64_t index = 0;
    while (const std::size_t count = file.read(buffer)) {
        for (std::size_t begin = 0; begin < count; begin += recordBytes, ++index)
            takeRecord(file, index, std::span(buffer).subspan(begin, recordBytes), part);
        m_progress.at(static_cast<double>(m_done + file.consumed()));
    }
    m_done += file.size();
    m_digests.push_back(file.digest());
}

void CifarReader::readPart(std::vector<SourceFile>& files, ImagePart& part)
{
    const auto images = static_cast<std::size_t>(bytesOf(files) / m_layout.recordBytes());
    part.pixels.reserve(images * kImageBytes);
    part.labels.reserve(images);
    for (SourceFile& file : files)
        readFile(file, part);
}

ImageSet CifarReader::read()
{
    ImageSet set;
    set.shape = { 3, 32, 32 };
    readNames(set);
    readPart(m_train, set.train);
    readPart(m_test, set.test);
    set.fingerprint = fingerprintOf(m_layout.kind, m_digests);
    return set;
}

} // namespace

ImageSet readCifar10(const std::filesystem::path& folder, JobContext& context)
{
    return CifarReader(folder, cifar10Layout(), context).read();
}

ImageSet readCifar100(const std::filesystem::path& folder, JobContext& context)
{
    return CifarReader(folder, cifar100Layout(), context).read();
}

} // namespace bitscape
