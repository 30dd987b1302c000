#include "docks/sealed_layout.h"

#include <QCryptographicHash>

namespace lab::ui {

namespace {

QByteArray sealOf(const QByteArray& layout, int version) {
  QCryptographicHash hash(QCryptographicHash::Sha256);
  hash.addData("itoplab layout " + QByteArray::number(version) + '\n');
  hash.addData(layout);
  return hash.result();
}

}  // namespace

QByteArray sealed(const QByteArray& layout, int version) { return sealOf(layout, version) + layout; }

std::optional<QByteArray> unsealed(const QByteArray& bytes, int version) {
  const qsizetype sealSize = QCryptographicHash::hashLength(QCryptographicHash::Sha256);
  const QByteArray layout = bytes.mid(sealSize);
  if (bytes.left(sealSize) != sealOf(layout, version)) return {};
  return layout;
}

}  // namespace lab::ui
