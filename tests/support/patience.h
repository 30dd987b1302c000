#pragma once
// Included before every suite: what a test waits for comes in milliseconds, but training threads have the lowest
// priority, and a busy machine may keep them waiting. A wait that is fulfilled ends at once, however long it may be.

#include <QtTest>

#undef QTRY_VERIFY
#define QTRY_VERIFY(expression) QTRY_VERIFY_WITH_TIMEOUT((expression), 60000)
#undef QTRY_COMPARE
#define QTRY_COMPARE(expression, expected) QTRY_COMPARE_WITH_TIMEOUT((expression), (expected), 60000)
