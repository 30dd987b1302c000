// Exports: readable files, light pictures, CSV in the C locale, and nothing half-written.

#include "export/export_dialog.h"
#include "export/plot_export.h"
#include "plots/plot.h"

#include <QBuffer>
#include <QClipboard>
#include <QComboBox>
#include <QLabel>
#include <QSvgRenderer>
#include <QTemporaryDir>
#include <QTest>
#include <QtEndian>

#include <csignal>
#include <limits>

#include <sys/resource.h>

using namespace lab;
using namespace lab::ui;

namespace {

/// A diagonal.
class MadePlot : public Plot {
 public:
  MadePlot() : Plot(QStringLiteral("Made, up"), QStringLiteral("made"), nullptr) {
    QCPAxisRect* rect = addRect(*plotLayout(), 0, 0);
    addGraph(rect->axis(QCPAxis::atBottom), rect->axis(QCPAxis::atLeft))->setData({0, 1}, {0, 1});
    resize(400, 300);
  }
  void resetView() override {}
  CsvTable exportTable() const override {
    return {{QStringLiteral("name"), QStringLiteral("value")},
            {{QStringLiteral("a,b \"c\""), csvNumber(1234567.25)},
             {QStringLiteral("ΔT"), csvNumber(.1)},
             {QStringLiteral("gap"), csvNumber(std::numeric_limits<double>::quiet_NaN())}}};
  }
};

/// A dot that moves.
class MadeFilm : public MadePlot {
 public:
  int frames() const override { return 4; }
  void paintFrame(QCPPainter& painter, QSize, int frame) override {
    painter.fillRect(QRect(10 * frame, 5, 4, 4), Qt::red);
  }
};

struct Chunk {
  QByteArray name, data;
  bool sound = false;  ///< its checksum is right
};

std::vector<Chunk> chunksOf(const QByteArray& png) {
  std::vector<Chunk> chunks;
  for (qsizetype at = 8; at + 12 <= png.size();) {
    const auto length = static_cast<qsizetype>(qFromBigEndian<quint32>(png.constData() + at));
    const QByteArray checked = png.mid(at + 4, 4 + length);
    uint32_t crc = 0xffffffffu;  // bit by bit, as in the PNG specification
    for (const char byte : checked) {
      crc ^= static_cast<uint8_t>(byte);
      for (int bit = 0; bit < 8; ++bit) crc = crc & 1 ? 0xedb88320u ^ (crc >> 1) : crc >> 1;
    }
    chunks.push_back({checked.left(4), checked.mid(4),
                      (crc ^ 0xffffffffu) == qFromBigEndian<quint32>(png.constData() + at + 8 + length)});
    at += 12 + length;
  }
  return chunks;
}

const QByteArray kGolden = "name,value\r\n\"a,b \"\"c\"\"\",1234567.25\r\nΔT,0.1\r\ngap,\r\n";

QByteArray contents(const QString& path) {
  QFile file(path);
  return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("unreadable");
}

/// No file may grow beyond so many bytes: as a full disk.
class SmallDisk {
 public:
  explicit SmallDisk(rlim_t bytes) {
    getrlimit(RLIMIT_FSIZE, &before_);
    handler_ = std::signal(SIGXFSZ, SIG_IGN);
    const rlimit small{bytes, before_.rlim_max};
    setrlimit(RLIMIT_FSIZE, &small);
  }
  ~SmallDisk() {
    setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }

 private:
  rlimit before_{};
  void (*handler_)(int) = nullptr;
};

}  // namespace

class TestExport : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init() { applyTheme(ThemeChoice::Light); }

  void pictures() {
    MadePlot plot;
    QTemporaryDir folder;
    const auto path = [&](const char* name) { return folder.filePath(QLatin1String(name)); };
    QVERIFY(exportTo(plot, path("a.png"), ExportFormat::Png, {500, 250}, 3).empty());
    QCOMPARE(QImage(path("a.png")).size(), QSize(1500, 750));
    QVERIFY(exportTo(plot, path("a.svg"), ExportFormat::Svg, {500, 250}).empty());
    QSvgRenderer svg(path("a.svg"));
    QVERIFY(svg.isValid());
    QCOMPARE(svg.viewBox().size(), QSize(500, 250));
    QVERIFY(exportTo(plot, path("a.pdf"), ExportFormat::Pdf, {500, 250}).empty());
    const QByteArray pdf = contents(path("a.pdf"));
    QVERIFY(pdf.startsWith("%PDF-"));
    QVERIFY(pdf.trimmed().endsWith("%%EOF"));
  }

  void picturesShowTheSameAtEveryScale() {
    MadePlot plot;
    const auto inked = [&](double scale) {
      const QImage image = QImage::fromData(exportBytes(plot, ExportFormat::Png, {400, 300}, scale), "PNG");
      int dark = 0;
      for (int y = 0; y < image.height(); ++y)
        for (int x = 0; x < image.width(); ++x) dark += qGray(image.pixel(x, y)) < 200;
      return dark / (scale * scale) / (400 * 300);
    };
    QVERIFY(inked(1) > .001);
    QVERIFY(std::abs(inked(1) - inked(3)) < .02);
  }

  void picturesAreLightAndLeaveTheScreenDark() {
    applyTheme(ThemeChoice::Dark);
    MadePlot plot;
    plot.show();
    QVERIFY(QTest::qWaitForWindowExposed(&plot));
    const QImage before = plot.grab().toImage();
    const QImage image = QImage::fromData(exportBytes(plot, ExportFormat::Png, {400, 300}, 1), "PNG");
    QCOMPARE(image.pixelColor(2, 2), QColor(Qt::white));
    plot.replot();
    QCOMPARE(plot.grab().toImage(), before);
  }

  void csvIsTheSameInEveryLocale() {
    MadePlot plot;
    const QLocale before;
    QLocale::setDefault(QLocale(QLocale::German, QLocale::Germany));
    const QByteArray csv = exportBytes(plot, ExportFormat::Csv, {}, 1);
    QLocale::setDefault(before);
    QCOMPARE(csv, kGolden);
  }

  void numbersReadBackExactly() {
    for (const double value : {0.1, 1.0 / 3, 1e-300, 123456789.123456789, -0.0})
      QCOMPARE(csvNumber(value).toDouble(), value);
  }

  void theClipboardGetsBoth() {
    MadePlot plot;
    copyData(plot);
    QCOMPARE(QGuiApplication::clipboard()->text().toUtf8(), kGolden);
    copyPicture(plot);
    QVERIFY(!QGuiApplication::clipboard()->image().isNull());
  }

  void anAnimationHasAllFrames() {
    MadeFilm film;
    std::vector<int> asked;
    const QByteArray bytes = exportBytes(film, ExportFormat::Apng, {60, 20}, 1, [&](int frame, int frames) {
      asked.push_back(frame);
      return frames == 4;
    });
    QCOMPARE(asked, (std::vector<int>{0, 1, 2, 3}));
    const QImage first = QImage::fromData(bytes, "PNG");  // what knows no animations sees the first
    QCOMPARE(first.size(), QSize(60, 20));
    QCOMPARE(first.pixelColor(1, 6), QColor(Qt::red));
    const auto chunks = chunksOf(bytes);
    QByteArrayList names;
    quint32 sequence = 0;
    int dataOfFrames = 0;
    for (const Chunk& chunk : chunks) {
      QVERIFY(chunk.sound);
      names << chunk.name;
      if (chunk.name == "fcTL" || chunk.name == "fdAT")
        QCOMPARE(qFromBigEndian<quint32>(chunk.data.constData()), sequence++);
      if (chunk.name == "fdAT") {
        // The pixels are those of a PNG of that frame by itself.
        ++dataOfFrames;
        MadeFilm other;
        QImage alone(60, 20, QImage::Format_RGB32);
        alone.fill(Qt::white);
        QCPPainter painter(&alone);
        other.paintFrame(painter, {60, 20}, dataOfFrames);
        painter.end();
        QByteArray png;
        QBuffer buffer(&png);
        buffer.open(QIODevice::WriteOnly);
        alone.save(&buffer, "PNG");
        for (const Chunk& of : chunksOf(png))
          if (of.name == "IDAT") QCOMPARE(chunk.data.mid(4), of.data);
      }
    }
    QCOMPARE(dataOfFrames, 3);
    QCOMPARE(names.count("fcTL"), 4);
    QCOMPARE(names.count("acTL"), 1);
    QVERIFY(names.indexOf("acTL") < names.indexOf("IDAT"));
    QCOMPARE(names.last(), QByteArray("IEND"));
    QCOMPARE(qFromBigEndian<quint32>(chunks[static_cast<size_t>(names.indexOf("acTL"))].data.constData()), 4u);
  }

  void anEndedAnimationLeavesNoFile() {
    MadeFilm film;
    QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("a.png"));
    QVERIFY(
        exportTo(film, path, ExportFormat::Apng, {60, 20}, 1, [](int frame, int) { return frame < 2; }).empty());
    QVERIFY(!QFile::exists(path));
  }

  void onlyFilmsAreOfferedAsAnimations() {
    MadePlot plot;
    MadeFilm film;
    ExportDialog dialog({&plot, &film}, nullptr);
    const auto boxes = dialog.findChildren<QComboBox*>();
    QCOMPARE(boxes.size(), 2);
    QComboBox &which = *boxes[0], &format = *boxes[1];
    QCOMPARE(format.count(), 4);
    which.setCurrentIndex(1);
    QCOMPARE(format.count(), 5);
    format.setCurrentIndex(4);
    QTemporaryDir folder;
    dialog.exportTo(folder.filePath(QStringLiteral("a.png")));
    QVERIFY(contents(folder.filePath(QStringLiteral("a.png"))).contains("acTL"));
    which.setCurrentIndex(0);
    QCOMPARE(format.currentIndex(), 0);
  }

  void anUnwritablePathIsNamed() {
    MadePlot plot;
    const Problems problems = exportTo(plot, QStringLiteral("/no/such/folder/a.csv"), ExportFormat::Csv, {});
    QCOMPARE(problems.size(), size_t(1));
    QVERIFY(problems[0].message.find("/no/such/folder/a.csv") != std::string::npos);
    QVERIFY(problems[0].message.find("No such file") != std::string::npos);
  }

  void aFullDiskLeavesTheOldFile() {
    MadePlot plot;
    QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("a.png"));
    QFile old(path);
    QVERIFY(old.open(QIODevice::WriteOnly) && old.write("old") == 3);
    old.close();
    Problems problems;
    {
      const SmallDisk disk(256);
      problems = exportTo(plot, path, ExportFormat::Png, {400, 300});
    }
    QCOMPARE(problems.size(), size_t(1));
    QVERIFY2(problems[0].message.find("too large") != std::string::npos, problems[0].message.c_str());
    QCOMPARE(contents(path), QByteArray("old"));
    QCOMPARE(QDir(folder.path()).entryList(QDir::Files), QStringList{QStringLiteral("a.png")});
  }

  void theDialogStaysOpenWithTheProblem() {
    MadePlot plot;
    ExportDialog dialog({&plot}, nullptr);
    dialog.show();
    dialog.exportTo(QStringLiteral("/no/such/folder/a.png"));
    QVERIFY(dialog.isVisible());
    bool told = false;
    for (const QLabel* label : dialog.findChildren<QLabel*>())
      told |= label->isVisible() && label->text().contains(QStringLiteral("/no/such/folder/a.png"));
    QVERIFY(told);
    QTemporaryDir folder;
    dialog.exportTo(folder.filePath(QStringLiteral("a.png")));
    QVERIFY(!dialog.isVisible());
    QVERIFY(QFile::exists(folder.filePath(QStringLiteral("a.png"))));
  }
};

QTEST_MAIN(TestExport)
#include "tst_export.moc"
