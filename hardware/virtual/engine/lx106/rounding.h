#ifndef ROUNDING_H
#define ROUNDING_H
double boardTrunc(double value);
double boardFloor(double value);
double boardCeil(double value);
#define c_trunc boardTrunc
#define c_floor boardFloor
#define c_ceil boardCeil
#endif
