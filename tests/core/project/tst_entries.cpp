// SPDX-License-Identifier: GPL-3.0-or-later
// Models and data sets.
#include "project_fixture.h"

#include "core/project/datasets.h"
#include "core/project/models.h"
#include "core/project/runs.h"

#include <limits>

using namespace bitscape;
using namespace fixture;

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

const std::vector<std::string>& awkwardNames()
{
    static const std::vector<std::string> names { "plain", "O'Hara \"quoted\"; DROP TABLE runs; --", "übergröße 网络 🦀",
        "line\nbreak\ttab", std::string("zero\0inside", 11), " padded ", "%s ?1 :a @b $c", std::string(10000, 'x'), "7" };
    return names;
}

Model awkwardModel(const std::string& name, const std::string& blob)
{
    Model model;
    model.name = name;
    model.source = "/tmp/" + name;
    model.graph = "{\"nodes\": [\"" + name + "\"]} and more that need not be JSON here";
    model.weights = blob;
    model.mean = { 0.1, 1.0 / 3, -0.0, 1e-308, 5e-324, kInfinity, -kInfinity };
    model.stddev = { std::numeric_limits<double>::max(), 0.25 };
    model.origin = { "onnx", std::string(64, 'a'), "producer of " + name, "17", { { "conv " + name, { 0, 8, 32 } }, { "", {} } } };
    model.layers = { { "conv " + name, "conv2d", 64, 27, 1LL << 60 }, { name + "'", "linear", 0, 0, -1 } };
    return model;
}

Dataset awkwardDataset(const std::string& name, const std::string& blob)
{
    Dataset dataset;
    dataset.name = name;
    dataset.kind = "idx";
    dataset.path = "/data/" + name;
    dataset.fingerprint = std::string(64, 'f');
    dataset.channels = 3;
    dataset.height = std::numeric_limits<int>::max();
    dataset.width = std::numeric_limits<int>::min();
    dataset.classNames = awkwardNames();
    dataset.trainCounts = { 0, std::numeric_limits<std::int64_t>::max(), std::numeric_limits<std::int64_t>::min() };
    dataset.mean = { 0.4914, 0.4822, 0.4465 };
    dataset.stddev = { 0.1 + 0.2 };
    dataset.samples = blob;
    return dataset;
}

bool isMoment(const std::string& text)
{
    static const QRegularExpression kMoment(QStringLiteral("^20\\d\\d-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z$"));
    return kMoment.match(QString::fromStdString(text)).hasMatch();
}

} // namespace

class EntryTest : public QObject {
    Q_OBJECT
private slots:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void modelsComeBackAsTheyWere()
    {
        const Folder folder;
        std::vector<Model> put;
        {
            Project project = Project::create(folder.path());
            const std::string blob = project.putBlob({});
            for (const std::string& name : awkwardNames())
                put.push_back(awkwardModel(name, put.size() % 2 ? blob : ""));
            put.push_back(named<Model>("nothing but a name"));
            for (Model& model : put)
                model.id = addModel(project, model);
        }
        Project project = Project::open(folder.path());
        std::vector<Model> found = models(project);
        QCOMPARE(found.size(), put.size());
        for (std::size_t i = 0; i < put.size(); ++i) {
            QVERIFY(isMoment(found[i].created));
            QVERIFY(model(project, put[i].id) == found[i]);
            QVERIFY(findModel(project, put[i].name) == found[i]);
            put[i].created = found[i].created;
            QVERIFY2(found[i] == put[i], put[i].name.c_str());
        }
    }

    void datasetsComeBackAsTheyWere()
    {
        const Folder folder;
        std::vector<Dataset> put;
        Project project = Project::create(folder.path());
        const std::string blob = project.putBlob({});
        for (const std::string& name : awkwardNames())
            put.push_back(awkwardDataset(name, put.size() % 2 ? blob : ""));
        put.push_back(named<Dataset>("nothing but a name"));
        for (Dataset& dataset : put)
            dataset.id = addDataset(project, dataset);
        const std::vector<Dataset> found = datasets(project);
        QCOMPARE(found.size(), put.size());
        for (std::size_t i = 0; i < put.size(); ++i) {
            QVERIFY(isMoment(found[i].created));
            QVERIFY(dataset(project, put[i].id) == found[i]);
            QVERIFY(findDataset(project, put[i].name) == found[i]);
            put[i].created = found[i].created;
            QVERIFY2(found[i] == put[i], put[i].name.c_str());
        }
    }

    void aNameGoesBeforeANumber()
    {
        const Folder folder;
        Project project = Project::create(folder.path());
        const ModelId first = addModel(project, named<Model>("2"));
        const ModelId second = addModel(project, named<Model>("other"));
        QCOMPARE(second.value, 2);
        QVERIFY(findModel(project, "2")->id == first);
        QVERIFY(findModel(project, "1")->id == first);
        for (const char* nothing : { "3", "0", "-1", "", "2 ", "2x", "99999999999999999999", "OTHER" })
            QVERIFY2(!findModel(project, nothing), nothing);
        QVERIFY(!findDataset(project, "1"));
    }

    void namesAreUnique()
    {
        const Folder folder;
        Project project = Project::create(folder.path());
        addModel(project, named<Model>("a"));
        addDataset(project, named<Dataset>("a"));
        VERIFY_REFUSAL(refusal(ErrorCode::BadArgument, [&] { addModel(project, named<Model>("a")); }), "has a model called \"a\" already");
        VERIFY_REFUSAL(
            refusal(ErrorCode::BadArgument, [&] { addDataset(project, named<Dataset>("a")); }), "has a data set called \"a\" already");
        VERIFY_REFUSAL(refusal(ErrorCode::BadArgument, [&] { addModel(project, {}); }), "needs a name");
        VERIFY_REFUSAL(refusal(ErrorCode::BadArgument, [&] { addDataset(project, {}); }), "needs a name");
        for (const char* blank : { " ", "\t", " \r\n " }) {
            VERIFY_REFUSAL(refusal(ErrorCode::BadArgument, [&] { addModel(project, named<Model>(blank)); }), "more than blanks");
            VERIFY_REFUSAL(refusal(ErrorCode::BadArgument, [&] { addDataset(project, named<Dataset>(blank)); }), "more than blanks");
        }
        for (const char* name : { "a", "", " " })
            QVERIFY(refusal(ErrorCode::BadArgument, [&] { requireFreeDatasetName(project, name); })
                == refusal(ErrorCode::BadArgument, [&] { addDataset(project, named<Dataset>(name)); }));
        requireFreeDatasetName(project, "b");
        auto twins = named<Model>("twins");
        twins.layers = { { "conv", "conv2d", 1, 1, 1 }, { "conv", "conv2d", 1, 1, 1 } };
        VERIFY_REFUSAL(refusal(ErrorCode::BadArgument, [&] { addModel(project, twins); }), "two layers called \"conv\"");
        QCOMPARE(models(project).size(), std::size_t(1));
    }

    void textThatIsNotUtf8()
    {
        const Folder folder;
        Project project = Project::create(folder.path());
        auto dataset = named<Dataset>("d");
        dataset.classNames = { "\xff\xfe" };
        VERIFY_REFUSAL(refusal(ErrorCode::BadArgument, [&] { addDataset(project, dataset); }), "not UTF-8");
        QVERIFY(datasets(project).empty());
        dataset.classNames.clear();
        dataset.path = "/data/\xff"; // a path may be any bytes
        QCOMPARE(bitscape::dataset(project, addDataset(project, dataset)).path, dataset.path);
    }

    void whatRunsReferToIsNotRemoved()
    {
        const Folder folder;
        Project project = Project::create(folder.path());
        Run run;
        run.model = addModel(project, named<Model>("used"));
        run.dataset = addDataset(project, named<Dataset>("used"));
        addRun(project, {});
        addRun(project, run);
        VERIFY_REFUSAL(refusal(ErrorCode::BadArgument, [&] { removeModel(project, *run.model); }),
            "The model \"used\" is used by run 2: remove that run");
        addRun(project, run);
        addRun(project, run);
        VERIFY_REFUSAL(
            refusal(ErrorCode::BadArgument, [&] { removeModel(project, *run.model); }), "used by runs 2, 3 and 4: remove those runs");
        VERIFY_REFUSAL(refusal(ErrorCode::BadArgument, [&] { removeDataset(project, *run.dataset); }), "used by runs 2, 3 and 4: ");
        for (int i = 0; i < 40; ++i)
            addRun(project, run);
        VERIFY_REFUSAL(refusal(ErrorCode::BadArgument, [&] { removeDataset(project, *run.dataset); }), "11, 12 and 32 more: ");
        for (const Run& user : runs(project))
            removeRun(project, user.id);
        removeModel(project, *run.model);
        removeDataset(project, *run.dataset);
        QVERIFY(models(project).empty() && datasets(project).empty());
    }

    void numbersAreNotUsedAgain()
    {
        const Folder folder;
        Project project = Project::create(folder.path());
        const ModelId first = addModel(project, named<Model>("a"));
        removeModel(project, first);
        QVERIFY(addModel(project, named<Model>("a")) > first);
        VERIFY_REFUSAL(refusal(ErrorCode::BadArgument, [&] { model(project, first); }), "There is no model 1");
        VERIFY_REFUSAL(refusal(ErrorCode::BadArgument, [&] { removeModel(project, first); }), "There is no model 1");
        VERIFY_REFUSAL(refusal(ErrorCode::BadArgument, [&] { dataset(project, { 8 }); }), "There is no data set 8");
        VERIFY_REFUSAL(refusal(ErrorCode::BadArgument, [&] { removeDataset(project, { 8 }); }), "There is no data set 8");
    }
};

QTEST_GUILESS_MAIN(EntryTest)
#include "tst_entries.moc"
