#pragma once
// Marks functions that the GPU compiler builds for both sides, so that the processor runs and tests the same code.

#ifdef __CUDACC__
#define LAB_HD __host__ __device__
#else
#define LAB_HD
#endif
