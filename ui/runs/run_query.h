// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/project/project_document.h"

#include <QString>
#include <QStringList>

#include <functional>
#include <vector>

namespace bitscape::ui {

/// A filter line over runs, parsed. A run matches where every term does: words that must stand somewhere in number, name, kind, state,
/// model, data, tags or note; fields (`kind:search state:failed model:x data:x tag:x name:x note:"two words" strategy:cq`, any parameter by
/// its name); figures (`accuracy>0.9 accuracy>=90% bits<=2.5 macs<1M bitops size<20kB seed seconds id`, any parameter that is a number)
/// with < <= >
/// >= =. `size` is in bytes.
class RunQuery final {
public:
    RunQuery() = default;
    explicit RunQuery(const QString& text);

    bool isEmpty() const { return m_tests.empty() && m_words.empty(); }
    bool matches(const RunRecord& record, const ProjectDocument& document) const;
    /// The same with what searchTextOf() has made of the record.
    bool matches(const RunRecord& record, const ProjectDocument& document, const QString& searchText) const;
    /// What of the text was not understood and so is left out, for the person, a sentence a line; empty if all was.
    const QString& complaint() const { return m_complaint; }

private:
    using Test = std::function<bool(const RunRecord&, const ProjectDocument&)>;
    void add(const QString& term);
    bool addComparison(const QString& term);
    bool addField(const QString& term);
    void complain(const QString& sentence);

    std::vector<Test> m_tests;
    std::vector<QString> m_words; ///< case folded
    QString m_complaint;
};

/// All that a word of a query is looked for in, case folded, a part a line.
QString searchTextOf(const RunRecord& record, const ProjectDocument& document);

} // namespace bitscape::ui
