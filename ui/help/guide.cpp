// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/help/guide.h"

#include "ui/help/parameter_page.h"

#include <QCoreApplication>
#include <QFile>
#include <QRegularExpression>

#include <utility>

/// The pages lie in a static library, whose resources have to be asked for; the macro does not work inside a namespace.
static void loadHelp()
{
    Q_INIT_RESOURCE(help);
}

namespace bitscape::ui {
namespace {

struct Part {
    const char* title;
    std::vector<const char*> pages;
};

std::vector<GuidePage> listed()
{
    const std::vector<Part> parts {
        { QT_TRANSLATE_NOOP("Guide", "Begin"), { "index", "first-steps", "window" } },
        { QT_TRANSLATE_NOOP("Guide", "Work"), { "models", "data", "runs", "jobs", "export", "what-if", "sweeps", "reports" } },
        { QT_TRANSLATE_NOOP("Guide", "Views"),
            { "view-network", "view-dataset", "view-training", "view-importance", "view-bitmap", "view-whatif", "view-search", "view-sweep",
                "view-stepping", "view-curves", "view-confusion", "view-compare" } },
        { QT_TRANSLATE_NOOP("Guide", "Methods"),
            { "words", "cq-scores", "cq-search", "fisher", "baselines", "quantizers", "refinement", "steppingnet", "does-cq-win" } },
        { QT_TRANSLATE_NOOP("Guide", "Look up"), { "parameters", "command-line", "file-format", "questions" } },
    };
    std::vector<GuidePage> pages;
    for (const Part& part : parts) {
        for (const char* id : part.pages)
            pages.push_back({ QString::fromLatin1(id), QCoreApplication::translate("Guide", part.title) });
    }
    return pages;
}

} // namespace

const std::vector<GuidePage>& guidePages()
{
    static const std::vector<GuidePage> pages = listed();
    return pages;
}

QString guideText(const QString& id)
{
    loadHelp();
    if (id == QLatin1String("parameters")) {
        static const QString page = parameterPage();
        return page;
    }
    QFile file(QStringLiteral(":/help/%1.md").arg(id));
    return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
}

QString guideTitle(const QString& id)
{
    static const QRegularExpression heading(QStringLiteral("^# (.+)$"), QRegularExpression::MultilineOption);
    return heading.match(guideText(id)).captured(1).remove(QLatin1Char('`'));
}

QString guideAnchor(const QString& heading)
{
    QString anchor;
    for (const QChar c : heading.toLower()) {
        if (c.isLetterOrNumber() || c == QLatin1Char('_') || c == QLatin1Char('-'))
            anchor += c;
        else if (c.isSpace() && !anchor.endsWith(QLatin1Char('-')))
            anchor += QLatin1Char('-');
    }
    return anchor;
}

QStringList guideAnchors(const QString& text)
{
    static const QRegularExpression heading(QStringLiteral("^#{1,6} (.+)$"), QRegularExpression::MultilineOption);
    QStringList anchors;
    bool isCode = false;
    for (const QString& line : text.split(QLatin1Char('\n'))) {
        if (line.startsWith(QLatin1String("```")))
            isCode = !isCode;
        const auto match = heading.match(line);
        if (!isCode && match.hasMatch())
            anchors << guideAnchor(match.captured(1));
    }
    return anchors;
}

} // namespace bitscape::ui
