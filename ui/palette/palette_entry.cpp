#include "palette/palette_entry.h"

#include <QStringList>

#include <algorithm>

namespace lab::ui {
namespace {

constexpr int kBeginning = 60, kWordBeginning = 40, kWithin = 20, kScattered = 2;

/// Letters of a word left out: "exprt". What is scattered over more than that was not meant.
bool hasInOrder(const QString& letters, const QString& text) {
  for (qsizetype start = 0; start < text.size(); ++start) {
    if (start > 0 && text[start - 1].isLetterOrNumber()) continue;
    qsizetype at = start, found = 0;
    for (; at < text.size() && found < letters.size() && at - start < 2 * letters.size(); ++at)
      if (text[at].toCaseFolded() == letters[found].toCaseFolded())
        ++found;
      else if (found == 0)
        break;
    if (found == letters.size()) return true;
  }
  return false;
}

bool beginsAWord(const QString& word, const QString& text) {
  for (qsizetype at = text.indexOf(word, 0, Qt::CaseInsensitive); at >= 0;
       at = text.indexOf(word, at + 1, Qt::CaseInsensitive))
    if (at == 0 || !text[at - 1].isLetterOrNumber()) return true;
  return false;
}

int fitOfWord(const QString& word, const QString& text) {
  if (text.startsWith(word, Qt::CaseInsensitive)) return kBeginning;
  if (beginsAWord(word, text)) return kWordBeginning;
  if (text.contains(word, Qt::CaseInsensitive)) return kWithin;
  return hasInOrder(word, text) ? kScattered : -1;
}

}  // namespace

int fitOf(const QString& query, const PaletteEntry& entry) {
  int sum = 0;
  for (const QString& word : query.split(u' ', Qt::SkipEmptyParts)) {
    // The group narrows the search; it says less than the entry's own words.
    const int own = std::max(fitOfWord(word, entry.text), fitOfWord(word, entry.also));
    const int best = std::max(own, std::min(fitOfWord(word, entry.group), kWithin));
    if (best < 0) return -1;
    sum += best;
  }
  return sum;
}

}  // namespace lab::ui
