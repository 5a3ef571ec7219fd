// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/project/schema.h"

namespace bitscape::schema {

namespace {

// SQL has no way from a byte to its number but to look for it: `codes` holds the bytes 1 to 255 in order, instr() tells where one of
// them stands, and 0 for the byte 0. In v_filters, `LIMIT 1` keeps SQLite from merging the one-row subquery into the one around
// it, and so from cutting the filter's bytes out of the layer's blob once per byte.
constexpr const char* kViews = R"sql(
CREATE VIEW v_runs AS
SELECT r.id, r.kind, r.name, r.state,
    m.name AS model, d.name AS dataset, r.parent, p.name AS parent_name, r.sweep,
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
WITH RECURSIVE codes(list) AS (
    SELECT x')sql"
                               "0102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F"
                               "202122232425262728292A2B2C2D2E2F303132333435363738393A3B3C3D3E3F"
                               "404142434445464748494A4B4C4D4E4F505152535455565758595A5B5C5D5E5F"
                               "606162636465666768696A6B6C6D6E6F707172737475767778797A7B7C7D7E7F"
                               "808182838485868788898A8B8C8D8E8F909192939495969798999A9B9C9D9E9F"
                               "A0A1A2A3A4A5A6A7A8A9AAABACADAEAFB0B1B2B3B4B5B6B7B8B9BABBBCBDBEBF"
                               "C0C1C2C3C4C5C6C7C8C9CACBCCCDCECFD0D1D2D3D4D5D6D7D8D9DADBDCDDDEDF"
                               "E0E1E2E3E4E5E6E7E8E9EAEBECEDEEEFF0F1F2F3F4F5F6F7F8F9FAFBFCFDFEFF"
                               R"sql('
),
numbers(i) AS (
    SELECT 0 UNION ALL SELECT i + 1 FROM numbers WHERE i + 1 < (SELECT max(filters) FROM model_layers)
),
places(k) AS (
    SELECT 0 UNION ALL SELECT k + 1 FROM places WHERE k + 1 < (
        SELECT max(length(s.counts) / l.filters) FROM scores s JOIN runs r ON r.id = s.run
        JOIN model_layers l ON l.model = r.model AND l.name = s.layer WHERE l.filters > 0)
),
layers AS (
    SELECT r.id AS run, l.position, l.name, l.op, l.filters, l.weights_per_filter, l.macs_per_filter, b.bits AS bits,
        (WITH RECURSIVE up(id, distance) AS (
            SELECT r.id, 0
            UNION ALL
            SELECT child.parent, distance + 1 FROM up JOIN runs child ON child.id = up.id
            WHERE child.parent IS NOT NULL AND distance < 100
        ) SELECT up.id FROM up JOIN runs scorer ON scorer.id = up.id
        WHERE scorer.model = r.model AND EXISTS (SELECT 1 FROM scores WHERE run = up.id) ORDER BY distance LIMIT 1) AS score_run
    FROM runs r
    JOIN model_layers l ON l.model = r.model
    LEFT JOIN bits b ON b.run = r.id AND b.position = l.position
    WHERE EXISTS (SELECT 1 FROM bits WHERE run = r.id) OR EXISTS (SELECT 1 FROM scores WHERE run = r.id)
)
SELECT layers.run, layers.position, layers.name AS layer, layers.op, n.i AS filter,
    CASE WHEN n.i < length(layers.bits) THEN instr(codes.list, substr(layers.bits, n.i + 1, 1)) END AS bits,
    CASE WHEN s.samples > 0 AND length(s.counts) > 0 AND length(s.counts) % (4 * layers.filters) = 0 THEN (
        SELECT total(instr(codes.list, substr(own.bytes, k + 1, 1)) << (8 * (k % 4)))
        FROM (SELECT substr(s.counts, 1 + n.i * (length(s.counts) / layers.filters), length(s.counts) / layers.filters) AS bytes
            LIMIT 1) own
        CROSS JOIN places ON k < length(own.bytes)
    ) / s.samples END AS score,
    CASE WHEN s.run IS NOT NULL THEN layers.score_run END AS score_run,
    layers.weights_per_filter AS weights, layers.macs_per_filter AS macs
FROM codes CROSS JOIN layers
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
