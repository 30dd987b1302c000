#include "data/digest.h"
#include "data/idx.h"

#include <rapidcheck.h>
#include <zlib.h>
#include <QTemporaryDir>
#include <QtTest>

#include <filesystem>
#include <fstream>
#include <numeric>

using namespace lab;

namespace {

using Bytes = std::vector<uint8_t>;

Bytes bytesOf(std::string_view text) { return {text.begin(), text.end()}; }

/// Three images of 2 × 4.
Bytes soundFile() {
  Bytes file{0, 0, 8, 3, 0, 0, 0, 3, 0, 0, 0, 2, 0, 0, 0, 4};
  for (uint8_t value = 0; value < 24; ++value) file.push_back(static_cast<uint8_t>(10 * value));
  return file;
}

Bytes gzipped(const Bytes& plain) {
  z_stream stream{};
  deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
  Bytes packed(plain.size() + 1024);
  stream.next_in = const_cast<uint8_t*>(plain.data());
  stream.avail_in = static_cast<uInt>(plain.size());
  stream.next_out = packed.data();
  stream.avail_out = static_cast<uInt>(packed.size());
  deflate(&stream, Z_FINISH);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

Bytes with(Bytes bytes, size_t at, uint8_t value) {
  bytes[at] = value;
  return bytes;
}

Bytes cut(Bytes bytes, size_t length) {
  bytes.resize(length);
  return bytes;
}

Bytes followed(Bytes bytes, uint8_t by) {
  bytes.push_back(by);
  return bytes;
}

}  // namespace

class TestIdx : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void sha256KnownAnswers();
  void soundFilesAreRead();
  void damageIsNamed_data();
  void damageIsNamed();
  void noFile();
  void whateverTheBytes();

 private:
  std::filesystem::path write(const Bytes& bytes, const char* name = "file-idx3-ubyte") const {
    const auto path = std::filesystem::path(folder_.path().toStdString()) / name;
    std::ofstream file(path, std::ios::binary | std::ios::trunc);
    file.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    return path;
  }

  QTemporaryDir folder_;
};

void TestIdx::sha256KnownAnswers() {
  // FIPS 180-4 examples (NIST), and lengths around the padding's edge against another implementation.
  QCOMPARE(sha256(bytesOf("abc")),
           std::string("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
  QCOMPARE(sha256(bytesOf("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")),
           std::string("248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"));
  QCOMPARE(sha256(Bytes(1000000, 'a')),
           std::string("cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"));
  for (int length = 0; length < 200; ++length) {
    const QByteArray text(length, 'x');
    QCOMPARE(sha256(bytesOf(text.toStdString())),
             QCryptographicHash::hash(text, QCryptographicHash::Sha256).toHex().toStdString());
  }
}

void TestIdx::soundFilesAreRead() {
  const Bytes plain = soundFile(), packed = gzipped(plain);
  for (const Bytes& bytes : {plain, packed}) {
    const auto array = readIdx(write(bytes), 3);
    QVERIFY2(array.ok(), array.ok() ? "" : describe(array.problems()).c_str());
    QCOMPARE(array.value().sizes, (std::vector<int64_t>{3, 2, 4}));
    QCOMPARE(array.value().values, Bytes(plain.begin() + 16, plain.end()));
    QCOMPARE(array.value().checksum, sha256(bytes));
  }
}

void TestIdx::damageIsNamed_data() {
  QTest::addColumn<std::vector<uint8_t>>("bytes");
  QTest::addColumn<QString>("name");
  QTest::addColumn<QString>("part");
  const QString plain = "a-idx3-ubyte", packed = "a-idx3-ubyte.gz";
  const Bytes sound = soundFile(), gzip = gzipped(sound);
  QTest::newRow("empty") << Bytes{} << plain << "0 bytes, too few";
  QTest::newRow("three bytes") << cut(sound, 3) << plain << "3 bytes, too few";
  QTest::newRow("first byte") << with(sound, 0, 1) << plain << "magic";
  QTest::newRow("signed bytes") << with(sound, 2, 9) << plain << "magic 0x00000903, 0x00000803 would be right";
  QTest::newRow("two dimensions") << with(sound, 3, 2) << plain << "magic 0x00000802";
  QTest::newRow("cut in header") << cut(sound, 10) << plain << "ends inside its header";
  QTest::newRow("cut in values") << cut(sound, 30) << plain << "holds 14 values, its header says 24";
  QTest::newRow("trailing byte") << followed(sound, 7) << plain << "holds 25 values, its header says 24";
  QTest::newRow("size too large") << with(sound, 7, 4) << plain << "holds 24 values, its header says 32";
  QTest::newRow("huge size") << with(with(sound, 4, 255), 8, 255) << plain << "its header says more than";
  QTest::newRow("size 0") << with(sound, 7, 0) << plain << "empty";
  QTest::newRow("not gzip") << bytesOf("<html>404 not found</html>") << packed << "is not a gzip file";
  QTest::newRow("cut gzip") << cut(gzip, gzip.size() - 12) << packed << "is cut off";
  QTest::newRow("gzip header only") << cut(gzip, 2) << packed << "is cut off";
  QTest::newRow("gzip checksum") << with(gzip, gzip.size() - 8, gzip[gzip.size() - 8] ^ 1) << packed << "damaged";
  QTest::newRow("gzip method") << with(gzip, 2, 0) << packed << "damaged";
  QTest::newRow("after gzip") << followed(gzip, 0) << packed << "goes on after the end";
  QTest::newRow("cut inside gzip") << gzipped(cut(sound, 30)) << packed << "holds 14 values";
}

void TestIdx::damageIsNamed() {
  QFETCH(std::vector<uint8_t>, bytes);
  QFETCH(QString, name);
  QFETCH(QString, part);
  const auto path = write(bytes, qPrintable(name));
  const auto array = readIdx(path, 3);
  QVERIFY(!array.ok());
  QCOMPARE(array.problems().size(), size_t(1));
  const auto message = QString::fromStdString(array.problems()[0].message);
  QVERIFY2(message.contains(part), qPrintable(message));
  QVERIFY2(message.startsWith(QString::fromStdString(path.string())), qPrintable(message));
}

void TestIdx::noFile() {
  const auto folder = std::filesystem::path(folder_.path().toStdString());
  QVERIFY(!readIdx(folder / "absent", 3).ok());
  QVERIFY(!readIdx(folder, 3).ok());
}

void TestIdx::whateverTheBytes() {
  QVERIFY(rc::check("a mutated file is read whole or refused", [this] {
    const bool compress = *rc::gen::arbitrary<bool>(), mutateFirst = *rc::gen::arbitrary<bool>();
    const auto mutate = [](Bytes bytes) {
      const int times = *rc::gen::inRange(0, 4);
      for (int i = 0; i < times; ++i)
        bytes[*rc::gen::inRange<size_t>(0, bytes.size())] = *rc::gen::arbitrary<uint8_t>();
      bytes.resize(*rc::gen::inRange<size_t>(1, bytes.size() + 3));
      return bytes;
    };
    Bytes bytes = soundFile();
    if (mutateFirst) bytes = mutate(bytes);
    if (compress) bytes = gzipped(bytes);
    if (!mutateFirst) bytes = mutate(bytes);
    const auto array = readIdx(write(bytes), 3);
    if (array.ok()) {
      const auto& sizes = array.value().sizes;
      RC_ASSERT(sizes.size() == size_t(3));
      RC_ASSERT(static_cast<size_t>(sizes[0] * sizes[1] * sizes[2]) == array.value().values.size());
    } else {
      RC_ASSERT(array.problems().size() == size_t(1));
    }
  }));
}

QTEST_APPLESS_MAIN(TestIdx)
#include "tst_idx.moc"
