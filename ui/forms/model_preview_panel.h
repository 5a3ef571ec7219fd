// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/jobs/cli_process.h"

#include "core/jobs/model_preview.h"

#include <QPointer>
#include <QTimer>
#include <QWidget>

#include <optional>

class QLabel;
class QProgressBar;
class QStackedWidget;
class QTreeWidget;

namespace bitscape::ui {

/// What a model's file holds, read by a worker before the model is added: `bitscape-cli model preview`. Out of sight while there is nothing
/// to show.
class ModelPreviewPanel final : public QWidget {
    Q_OBJECT
public:
    explicit ModelPreviewPanel(QWidget* parent = nullptr);

    /// Reads that file in a moment, unless another one is asked for before; whatever is being read is given up. `input`: the shape of one
    /// image, C,H,W; empty: the file's. An empty `file` shows nothing.
    void read(const QString& file, const QString& input);
    /// Gives up what is being read.
    void cancel();

    bool isReading() const { return m_soon.isActive() || m_process; }
    /// Of the file last read; nothing while there is none.
    const std::optional<ModelPreview>& preview() const { return m_preview; }
    /// Why that file cannot be read, as a sentence; else empty.
    const QString& refusal() const { return m_refusal; }

signals:
    /// What the functions above answer.
    void changed();

private:
    QWidget* readingPage();
    QWidget* previewPage();
    void drop();
    void start();
    void ended(int exitCode, const QString& failure);
    void present(const ModelPreview& preview);
    void presentLayers(const ModelPreview& preview);

    QStackedWidget* m_pages;
    QLabel* m_reading;
    QProgressBar* m_bar;
    QLabel* m_head;
    QLabel* m_facts;
    QLabel* m_kept;
    QTreeWidget* m_layers;
    QLabel* m_notes;
    QTimer m_soon;
    QString m_file, m_input;
    QPointer<CliProcess> m_process;
    QByteArray m_output;
    std::optional<ModelPreview> m_preview;
    QString m_refusal;
};

} // namespace bitscape::ui
