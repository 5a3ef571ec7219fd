// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/inspector/weights_source.h"

#include "core/base/error.h"

#include <utility>

namespace bitscape::ui {
namespace {

constexpr std::size_t kMostKeptBytes = std::size_t { 64 } * 1024 * 1024;

std::string blobName(Project& project, const RunResults& results)
{
    if (results.run.id.value > 0)
        return weightsBlobOf(project, results.run.id);
    return results.run.model ? model(project, *results.run.model).weights : std::string();
}

FilterWeights weightsIn(const RunResults& results, const std::vector<std::byte>& bytes, const FilterRef& filter)
{
    return filterWeights(results, bytes, static_cast<std::size_t>(filter.layer), static_cast<std::size_t>(filter.filter));
}

} // namespace

WeightsSource::WeightsSource(ProjectDocument& document, QObject* parent)
    : QObject(parent)
    , m_document(document)
{
}

void WeightsSource::request(const ResultsPtr& results, const FilterRef& filter)
{
    m_results = results;
    m_filter = filter;
    if (m_kept && m_keptFor == results)
        answerFromKept();
    else if (!m_asking)
        ask();
}

void WeightsSource::forget()
{
    m_results = nullptr;
}

void WeightsSource::answerFromKept()
{
    FilterWeights weights;
    try {
        weights = weightsIn(*m_results, m_kept->bytes, m_filter);
    } catch (const Error& error) {
        emit missing(QString::fromUtf8(error.what()));
        return;
    }
    emit ready(m_filter, weights);
}

/// In the library's thread.
WeightsSource::Answer WeightsSource::fetch(Project& project, const RunResults& results, const FilterRef& filter, BlobPtr known)
{
    const std::string name = blobName(project, results);
    if (name.empty())
        return { nullptr, {}, true };
    if (!known || known->sha256 != name)
        known = std::make_shared<const Blob>(Blob { name, project.blob(name) });
    Answer answer { known, weightsIn(results, known->bytes, filter), false };
    if (known->bytes.size() > kMostKeptBytes)
        answer.blob = nullptr;
    return answer;
}

void WeightsSource::ask()
{
    m_asking = true;
    const ResultsPtr results = m_results;
    const FilterRef filter = m_filter;
    m_document.library().ask(
        this, [results, filter, known = m_kept](Project& project) { return fetch(project, *results, filter, known); },
        [this, results, filter](Answer answer) { take(results, filter, std::move(answer)); },
        [this, results, filter](const QString& sentence) {
            m_asking = false;
            if (m_results == results && m_filter == filter)
                emit missing(sentence);
            else if (m_results)
                ask();
        });
}

void WeightsSource::take(const ResultsPtr& results, const FilterRef& filter, Answer answer)
{
    m_asking = false;
    m_kept = std::move(answer.blob);
    m_keptFor = m_kept ? results : nullptr;
    if (!m_results)
        return;
    if (m_results == results && m_filter == filter) {
        if (answer.untrained)
            emit missing(tr("This network has not been trained: it has no weights yet."));
        else
            emit ready(filter, answer.weights);
    } else if (m_kept && m_keptFor == m_results) {
        answerFromKept();
    } else {
        ask();
    }
}

} // namespace bitscape::ui
