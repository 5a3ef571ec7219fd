// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/help/guide_search.h"

#include "ui/help/guide.h"

#include <QRegularExpression>

#include <algorithm>

namespace bitscape::ui {
namespace {

constexpr std::size_t kMostHits = 40;

struct Section {
    QString page, title, text; ///< Markdown's signs taken out of both
};

QString unmarked(QString text)
{
    static const QRegularExpression link(QStringLiteral(R"(!?\[([^\]]*)\]\([^)]*\))")), tag(QStringLiteral("<[^>]+>")),
        signs(QStringLiteral(R"([`*\\|])"));
    return text.replace(link, QStringLiteral("\\1")).remove(tag).remove(signs);
}

std::vector<Section> allSections()
{
    std::vector<Section> sections;
    for (const GuidePage& page : guidePages()) {
        for (const QString& line : guideText(page.id).split(QLatin1Char('\n'))) {
            static const QRegularExpression heading(QStringLiteral("^#{1,6} (.+)$"));
            const auto match = heading.match(line);
            if (match.hasMatch())
                sections.push_back({ page.id, unmarked(match.captured(1)), {} });
            else if (!sections.empty())
                sections.back().text += unmarked(line) + QLatin1Char('\n');
        }
    }
    return sections;
}

/// The first line with any of the words.
QString lineWith(const Section& section, const QStringList& words)
{
    const QStringList lines = section.text.split(QLatin1Char('\n'), Qt::SkipEmptyParts);
    const auto found = std::ranges::find_if(lines, [&](const QString& line) {
        return std::ranges::any_of(words, [&](const QString& word) { return line.contains(word, Qt::CaseInsensitive); });
    });
    return found == lines.end() ? lines.value(0).simplified() : found->simplified();
}

} // namespace

std::vector<GuideHit> searchGuide(const QStringList& words)
{
    static const std::vector<Section> sections = allSections();
    std::vector<GuideHit> inTitle, inText;
    if (words.isEmpty())
        return inText;
    for (const Section& section : sections) {
        const QString whole = section.title + QLatin1Char('\n') + section.text;
        if (!std::ranges::all_of(words, [&](const QString& word) { return whole.contains(word, Qt::CaseInsensitive); }))
            continue;
        const bool heads
            = std::ranges::any_of(words, [&](const QString& word) { return section.title.contains(word, Qt::CaseInsensitive); });
        (heads ? inTitle : inText).push_back({ section.page, guideAnchor(section.title), section.title, lineWith(section, words) });
    }
    inTitle.insert(inTitle.end(), inText.begin(), inText.end());
    inTitle.resize(std::min(inTitle.size(), kMostHits));
    return inTitle;
}

} // namespace bitscape::ui
