// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/project/project_document.h"

#include <QString>
#include <QStringList>

#include <functional>
#include <vector>

namespace bitscape::ui {

/// A filter line over runs, parsed: words that must stand somewhere in number, name, kind, state, model, data, tags or note, and terms:
/// `kind:search state:failed model:x data:x tag:x strategy:cq`, `accuracy>0.9 bits<=2.5 macs<1e6 bitops size seed seconds id` with < <= >
/// >= =.
class RunQuery final {
public:
    RunQuery() = default;
    explicit RunQuery(const QString& text);

    bool isEmpty() const { return m_tests.empty(); }
    bool matches(const RunRecord& record, const ProjectDocument& document) const;
    /// What of the text was not understood, for the person; empty if all was.
    const QString& complaint() const { return m_complaint; }

private:
    using Test = std::function<bool(const RunRecord&, const ProjectDocument&)>;
    void add(const QString& term);
    bool addComparison(const QString& term);
    bool addField(const QString& term);

    std::vector<Test> m_tests;
    QString m_complaint;
};

} // namespace bitscape::ui
