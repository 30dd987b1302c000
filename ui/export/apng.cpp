#include "export/apng.h"

#include <QBuffer>
#include <QtEndian>

#include <zlib.h>

namespace lab::ui {

namespace {

constexpr qsizetype kSignature = 8, kChunkOverhead = 12;  ///< length, name, checksum

struct Chunk {
  QByteArray name, data;
};

void append32(QByteArray& bytes, quint32 value) {
  char big[4];
  qToBigEndian(value, big);
  bytes.append(big, 4);
}

void append16(QByteArray& bytes, quint16 value) {
  char big[2];
  qToBigEndian(value, big);
  bytes.append(big, 2);
}

QByteArray bytesOf(const Chunk& chunk) {
  QByteArray bytes;
  append32(bytes, static_cast<quint32>(chunk.data.size()));
  const QByteArray checked = chunk.name + chunk.data;
  bytes += checked;
  append32(bytes, static_cast<quint32>(crc32(0, reinterpret_cast<const Bytef*>(checked.constData()),
                                             static_cast<uInt>(checked.size()))));
  return bytes;
}

QByteArray pngOf(const QImage& image) {
  QByteArray png;
  QBuffer buffer(&png);
  buffer.open(QIODevice::WriteOnly);
  image.save(&buffer, "PNG");
  return png;
}

std::vector<Chunk> chunksOf(const QByteArray& png) {
  std::vector<Chunk> chunks;
  for (qsizetype at = kSignature; at + kChunkOverhead <= png.size();) {
    const auto length = static_cast<qsizetype>(qFromBigEndian<quint32>(png.constData() + at));
    chunks.push_back({png.mid(at + 4, 4), png.mid(at + 8, length)});
    at += kChunkOverhead + length;
  }
  return chunks;
}

Chunk animationControl(int frames) {
  Chunk chunk{"acTL", {}};
  append32(chunk.data, static_cast<quint32>(frames));
  append32(chunk.data, 0);  // over and over
  return chunk;
}

Chunk frameControl(quint32 sequence, QSize size, int milliseconds) {
  Chunk chunk{"fcTL", {}};
  append32(chunk.data, sequence);
  append32(chunk.data, static_cast<quint32>(size.width()));
  append32(chunk.data, static_cast<quint32>(size.height()));
  append32(chunk.data, 0);  // offset
  append32(chunk.data, 0);
  append16(chunk.data, static_cast<quint16>(milliseconds));
  append16(chunk.data, 1000);
  chunk.data.append(2, '\0');  // left as it is afterwards; drawn over what was there
  return chunk;
}

}  // namespace

QByteArray apngBytes(int frames, int milliseconds, const std::function<QImage(int)>& frame,
                     const std::function<bool(int)>& goOn) {
  QByteArray bytes;
  Chunk end;
  quint32 sequence = 0;
  for (int i = 0; i < frames; ++i) {
    if (!goOn(i)) return {};
    const QImage image = frame(i);
    const QByteArray png = pngOf(image);
    if (i == 0) bytes = png.left(kSignature);
    bool begun = false;
    for (const Chunk& chunk : chunksOf(png)) {
      const bool data = chunk.name == "IDAT";
      if (data && !std::exchange(begun, true)) {
        if (i == 0) bytes += bytesOf(animationControl(frames));
        bytes += bytesOf(frameControl(sequence++, image.size(), milliseconds));
      }
      if (chunk.name == "IEND") {
        end = chunk;
      } else if (data && i > 0) {
        Chunk further{"fdAT", {}};
        append32(further.data, sequence++);
        further.data += chunk.data;
        bytes += bytesOf(further);
      } else if (i == 0) {
        bytes += bytesOf(chunk);
      }
    }
  }
  return bytes + bytesOf(end);
}

}  // namespace lab::ui
