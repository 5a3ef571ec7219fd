// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/project/schema.h"

namespace bitscape::schema {

namespace {

// Version 2: which runs changed since somebody last looked. A counter and not max() + 1, so that removing runs never lowers it. No trigger
// fires for a new `revision`, which triggers alone set. A result that goes together with its run leaves that alone.
constexpr const char* kRevisions = R"sql(
CREATE TABLE revisions (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    runs INTEGER NOT NULL,
    models INTEGER NOT NULL,
    datasets INTEGER NOT NULL
) STRICT;
ALTER TABLE runs ADD COLUMN revision INTEGER NOT NULL DEFAULT 0;
UPDATE runs SET revision = id;
INSERT INTO revisions VALUES (1, (SELECT coalesce(max(id), 0) FROM runs), 0, 0);
CREATE INDEX runs_by_revision ON runs(revision);
CREATE INDEX runs_alive ON runs(state) WHERE state IN ('running', 'paused');

CREATE TRIGGER run_added AFTER INSERT ON runs BEGIN
    UPDATE revisions SET runs = runs + 1;
    UPDATE runs SET revision = (SELECT runs FROM revisions) WHERE id = NEW.id;
END;
CREATE TRIGGER run_changed AFTER UPDATE ON runs WHEN NEW.revision = OLD.revision BEGIN
    UPDATE revisions SET runs = runs + 1;
    UPDATE runs SET revision = (SELECT runs FROM revisions) WHERE id = NEW.id;
END;

CREATE TRIGGER metrics_added AFTER INSERT ON metrics BEGIN
    UPDATE revisions SET runs = runs + 1;
    UPDATE runs SET revision = (SELECT runs FROM revisions) WHERE id = NEW.run;
END;
CREATE TRIGGER metrics_changed AFTER UPDATE ON metrics BEGIN
    UPDATE revisions SET runs = runs + 1;
    UPDATE runs SET revision = (SELECT runs FROM revisions) WHERE id = NEW.run;
END;
CREATE TRIGGER metrics_removed AFTER DELETE ON metrics WHEN EXISTS (SELECT 1 FROM runs WHERE id = OLD.run) BEGIN
    UPDATE revisions SET runs = runs + 1;
    UPDATE runs SET revision = (SELECT runs FROM revisions) WHERE id = OLD.run;
END;

CREATE TRIGGER epochs_added AFTER INSERT ON epochs BEGIN
    UPDATE revisions SET runs = runs + 1;
    UPDATE runs SET revision = (SELECT runs FROM revisions) WHERE id = NEW.run;
END;
CREATE TRIGGER epochs_changed AFTER UPDATE ON epochs BEGIN
    UPDATE revisions SET runs = runs + 1;
    UPDATE runs SET revision = (SELECT runs FROM revisions) WHERE id = NEW.run;
END;
CREATE TRIGGER epochs_removed AFTER DELETE ON epochs WHEN EXISTS (SELECT 1 FROM runs WHERE id = OLD.run) BEGIN
    UPDATE revisions SET runs = runs + 1;
    UPDATE runs SET revision = (SELECT runs FROM revisions) WHERE id = OLD.run;
END;

CREATE TRIGGER points_added AFTER INSERT ON points BEGIN
    UPDATE revisions SET runs = runs + 1;
    UPDATE runs SET revision = (SELECT runs FROM revisions) WHERE id = NEW.run;
END;
CREATE TRIGGER points_changed AFTER UPDATE ON points BEGIN
    UPDATE revisions SET runs = runs + 1;
    UPDATE runs SET revision = (SELECT runs FROM revisions) WHERE id = NEW.run;
END;
CREATE TRIGGER points_removed AFTER DELETE ON points WHEN EXISTS (SELECT 1 FROM runs WHERE id = OLD.run) BEGIN
    UPDATE revisions SET runs = runs + 1;
    UPDATE runs SET revision = (SELECT runs FROM revisions) WHERE id = OLD.run;
END;

CREATE TRIGGER scores_added AFTER INSERT ON scores BEGIN
    UPDATE revisions SET runs = runs + 1;
    UPDATE runs SET revision = (SELECT runs FROM revisions) WHERE id = NEW.run;
END;
CREATE TRIGGER scores_changed AFTER UPDATE ON scores BEGIN
    UPDATE revisions SET runs = runs + 1;
    UPDATE runs SET revision = (SELECT runs FROM revisions) WHERE id = NEW.run;
END;
CREATE TRIGGER scores_removed AFTER DELETE ON scores WHEN EXISTS (SELECT 1 FROM runs WHERE id = OLD.run) BEGIN
    UPDATE revisions SET runs = runs + 1;
    UPDATE runs SET revision = (SELECT runs FROM revisions) WHERE id = OLD.run;
END;

CREATE TRIGGER bits_added AFTER INSERT ON bits BEGIN
    UPDATE revisions SET runs = runs + 1;
    UPDATE runs SET revision = (SELECT runs FROM revisions) WHERE id = NEW.run;
END;
CREATE TRIGGER bits_changed AFTER UPDATE ON bits BEGIN
    UPDATE revisions SET runs = runs + 1;
    UPDATE runs SET revision = (SELECT runs FROM revisions) WHERE id = NEW.run;
END;
CREATE TRIGGER bits_removed AFTER DELETE ON bits WHEN EXISTS (SELECT 1 FROM runs WHERE id = OLD.run) BEGIN
    UPDATE revisions SET runs = runs + 1;
    UPDATE runs SET revision = (SELECT runs FROM revisions) WHERE id = OLD.run;
END;

CREATE TRIGGER attachments_added AFTER INSERT ON attachments BEGIN
    UPDATE revisions SET runs = runs + 1;
    UPDATE runs SET revision = (SELECT runs FROM revisions) WHERE id = NEW.run;
END;
CREATE TRIGGER attachments_changed AFTER UPDATE ON attachments BEGIN
    UPDATE revisions SET runs = runs + 1;
    UPDATE runs SET revision = (SELECT runs FROM revisions) WHERE id = NEW.run;
END;
CREATE TRIGGER attachments_removed AFTER DELETE ON attachments WHEN EXISTS (SELECT 1 FROM runs WHERE id = OLD.run) BEGIN
    UPDATE revisions SET runs = runs + 1;
    UPDATE runs SET revision = (SELECT runs FROM revisions) WHERE id = OLD.run;
END;

CREATE TRIGGER model_added AFTER INSERT ON models BEGIN UPDATE revisions SET models = models + 1; END;
CREATE TRIGGER model_changed AFTER UPDATE ON models BEGIN UPDATE revisions SET models = models + 1; END;
CREATE TRIGGER model_removed AFTER DELETE ON models BEGIN UPDATE revisions SET models = models + 1; END;

CREATE TRIGGER dataset_added AFTER INSERT ON datasets BEGIN UPDATE revisions SET datasets = datasets + 1; END;
CREATE TRIGGER dataset_changed AFTER UPDATE ON datasets BEGIN UPDATE revisions SET datasets = datasets + 1; END;
CREATE TRIGGER dataset_removed AFTER DELETE ON datasets BEGIN UPDATE revisions SET datasets = datasets + 1; END;
)sql";

} // namespace

const char* revisions()
{
    return kRevisions;
}

} // namespace bitscape::schema
