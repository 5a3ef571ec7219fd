// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/jobs/job_context.h"

#include <QByteArray>
#include <QString>
#include <QStringList>
#include <QTemporaryDir>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace bitscape::test {

/// A folder that goes away with the test.
class Folder final {
public:
    Folder() { m_folder.setAutoRemove(false); } // Qt cannot remove a name that is not UTF-8
    ~Folder() { std::filesystem::remove_all(path()); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;

    std::filesystem::path path(const std::string& relative = {}) const
    {
        return std::filesystem::path(m_folder.path().toStdString()) / relative;
    }

    void write(const std::string& relative, const QByteArray& bytes) const
    {
        std::filesystem::create_directories(path(relative).parent_path());
        std::ofstream(path(relative), std::ios::binary).write(bytes.constData(), bytes.size());
    }

    void remove(const std::string& relative) const { std::filesystem::remove_all(path(relative)); }

private:
    QTemporaryDir m_folder;
};

/// Remembers what it was told, and cancels at one of the checkpoints if asked.
class WatchingContext final : public JobContext {
public:
    explicit WatchingContext(int cancelAt = -1)
        : m_cancelAt(cancelAt)
    {
    }

    void checkpoint() override
    {
        if (++checkpoints == m_cancelAt)
            throw Cancelled {};
    }
    void progress(const Progress& progress) override { reports.push_back(progress); }
    void log(const std::string& line) override { lines.push_back(line); }
    void resultsChanged() override { }

    int checkpoints = 0;
    std::vector<Progress> reports;
    std::vector<std::string> lines;

private:
    int m_cancelAt;
};

/// Empty if `call` throws an Error of that code whose message has all the given parts, else what happened instead.
template <class Call> QString refusal(ErrorCode code, const QStringList& parts, const Call& call)
{
    try {
        call();
    } catch (const Error& error) {
        const QString message = QString::fromStdString(error.what());
        if (error.code() != code)
            return "another code, with: " + message;
        for (const QString& part : parts) {
            if (!message.contains(part))
                return "no \"" + part + "\" in: " + message;
        }
        return message.endsWith('.') && !message.contains('\n') ? QString() : "not one sentence: " + message;
    }
    return "nothing was thrown";
}

/// The most memory that this process has used since resetPeakMemory(), in MiB (the kernel's VmHWM).
inline long peakMemoryMiB()
{
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);) {
        if (line.starts_with("VmHWM:"))
            return std::stol(line.substr(6)) / 1024;
    }
    return 0;
}

/// Forgets the peak so far and returns what is used now, in MiB.
inline long resetPeakMemory()
{
    std::ofstream("/proc/self/clear_refs") << "5";
    return peakMemoryMiB();
}

/// Big-endian, 32 bits.
inline QByteArray bigEndian(quint32 value)
{
    QByteArray bytes;
    for (int shift = 24; shift >= 0; shift -= 8)
        bytes.append(static_cast<char>(value >> shift & 0xFF));
    return bytes;
}

/// Bytes that look random but are the same every time.
inline QByteArray someBytes(int count, int seed)
{
    QByteArray bytes;
    for (int i = 0; i < count; ++i)
        bytes.append(static_cast<char>((i * 37 + seed * 101 + (i % 1000) * (i % 1000) / 7) & 0xFF));
    return bytes;
}

} // namespace bitscape::test
