// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/project/schema.h"

namespace bitscape::schema {

namespace {

    // A byte b of a blob is worth (its first hexadecimal digit) * 16 + (its second): SQL has no other way to its value.
    // In v_filters, `LIMIT 1` keeps SQLite from merging the one-row subquery into the one around it, and so from cutting the
    // filter's bytes out of the layer's blob once per byte.
    constexpr const char* kViews = R"sql(
CREATE VIEW v_runs AS
SELECT r.id, r.kind, r.name, r.state,
    m.name AS model, d.name AS dataset, r.parent, p.name AS parent_name,
    (SELECT value FROM metrics WHERE run = r.id AND name = 'accuracy') AS accuracy,
    (SELECT value FROM metrics WHERE run = r.id AND name = 'full_accuracy') AS full_accuracy,
    (SELECT value FROM metrics WHERE run = r.id AND name = 'average_bits') AS average_bits,
    (SELECT value FROM metrics WHERE run = r.id AND name = 'macs') AS macs,
    (SELECT value FROM metrics WHERE run = r.id AND name = 'bitops') AS bitops,
    (SELECT value FROM metrics WHERE run = r.id AND name = 'size_bits') AS size_bits,
    r.seconds, r.progress, printf('%u', r.seed) AS seed, r.threads, r.device,
    r.created, r.started, r.finished, r.failure, r.tags, r.note,
    CASE WHEN r.state IN ('running', 'paused') THEN r.worker_process || ' on ' || r.worker_host END AS worker
FROM runs r
LEFT JOIN models m ON m.id = r.model
LEFT JOIN datasets d ON d.id = r.dataset
LEFT JOIN runs p ON p.id = r.parent;

CREATE VIEW v_filters AS
WITH RECURSIVE numbers(i) AS (
    SELECT 0 UNION ALL SELECT i + 1 FROM numbers WHERE i + 1 < (SELECT max(filters) FROM model_layers)
),
layers AS (
    SELECT r.id AS run, l.position, l.name, l.op, l.filters, l.weights_per_filter, l.macs_per_filter, b.bits AS bits,
        (WITH RECURSIVE up(id, distance) AS (
            SELECT r.id, 0
            UNION ALL
            SELECT child.parent, distance + 1 FROM up JOIN runs child ON child.id = up.id
            WHERE child.parent IS NOT NULL AND distance < 100
        ) SELECT up.id FROM up WHERE EXISTS (SELECT 1 FROM scores WHERE run = up.id) ORDER BY distance LIMIT 1) AS score_run
    FROM runs r
    JOIN model_layers l ON l.model = r.model
    LEFT JOIN bits b ON b.run = r.id AND b.position = l.position
    WHERE EXISTS (SELECT 1 FROM bits WHERE run = r.id) OR EXISTS (SELECT 1 FROM scores WHERE run = r.id)
)
SELECT layers.run, layers.position, layers.name AS layer, layers.op, n.i AS filter,
    CASE WHEN n.i < length(layers.bits) THEN
        (instr('123456789ABCDEF', substr(hex(substr(layers.bits, n.i + 1, 1)), 1, 1)) * 16
            + instr('123456789ABCDEF', substr(hex(substr(layers.bits, n.i + 1, 1)), 2, 1)))
    END AS bits,
    CASE WHEN s.samples > 0 AND length(s.counts) > 0 AND length(s.counts) % (4 * layers.filters) = 0 THEN (
        WITH RECURSIVE places(k) AS (
            SELECT 0 UNION ALL SELECT k + 1 FROM places WHERE k + 1 < length(s.counts) / layers.filters
        )
        SELECT total(((instr('123456789ABCDEF', substr(hex(substr(own.bytes, k + 1, 1)), 1, 1)) * 16
                    + instr('123456789ABCDEF', substr(hex(substr(own.bytes, k + 1, 1)), 2, 1))) << (8 * (k % 4))))
        FROM (SELECT substr(s.counts, 1 + n.i * (length(s.counts) / layers.filters), length(s.counts) / layers.filters) AS bytes LIMIT 1) own
        CROSS JOIN places
    ) / s.samples END AS score,
    CASE WHEN s.run IS NOT NULL THEN layers.score_run END AS score_run,
    layers.weights_per_filter AS weights, layers.macs_per_filter AS macs
FROM layers
JOIN numbers n ON n.i < layers.filters
LEFT JOIN scores s ON s.run = layers.score_run AND s.layer = layers.name;

CREATE VIEW v_curve AS
SELECT run, step, average_bits, macs, bitops, size_bits,
    CASE WHEN accuracy_low = accuracy_high THEN accuracy_low END AS accuracy,
    accuracy_low, accuracy_high, kept
FROM points;
)sql";

} // namespace

const char* views()
{
    return kViews;
}

} // namespace bitscape::schema
