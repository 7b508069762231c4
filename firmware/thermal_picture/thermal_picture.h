/* Encoder of the compact format: a thermal picture in one LoRaWAN message, or in four.
 *
 * C99, integers only, no heap, no static data, reentrant; about 600 bytes of stack.
 * README.md has an example. docs/node.md specifies the format.
 */
#ifndef THERMAL_PICTURE_H_
#define THERMAL_PICTURE_H_

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define THERMAL_PICTURE_ROWS 32
#define THERMAL_PICTURE_COLUMNS 24
#define THERMAL_PICTURE_PIXELS (THERMAL_PICTURE_ROWS * THERMAL_PICTURE_COLUMNS)

/* The part of a message: a quarter, 0 to 3, or the whole picture. Quarter 0 has rows and
 * columns 0, 2, 4, ...; bit 0 of the number moves it by a column and bit 1 by a row. */
#define THERMAL_PICTURE_WHOLE 4

/* Bytes of a message that states the facts alone. */
#define THERMAL_PICTURE_FACTS 8

struct thermal_picture {
    /* Row by row, in tenths of a degree Celsius. Taken as -40.0 or 307.1 °C if beyond. */
    const int16_t *pixels;
    /* Bit 7: the fan runs. Bits 0 to 6: the ambient temperature in whole °C. */
    uint8_t status;
    /* Counts pictures. Only its lowest three bits are sent. */
    uint8_t number;
};

/* Writes the message for one part to `out`. Returns its length, or 0 if it would be
 * longer than `capacity` bytes.
 *
 * step: in tenths of a K, 1 to 255. The receiver then knows each pixel of the part within
 * step / 2 (rounded down). 0: no pixels; minimum, maximum and its position, and the status
 * are in the message nevertheless.
 */
uint8_t thermal_picture_encode(const struct thermal_picture *picture, uint8_t part,
                               uint8_t step, uint8_t *out, uint8_t capacity);

/* The same with the finest step from `finest` to `coarsest` with which the message fits.
 * Returns 0 if there is none. */
uint8_t thermal_picture_fit(const struct thermal_picture *picture, uint8_t part,
                            uint8_t finest, uint8_t coarsest, uint8_t *out,
                            uint8_t capacity);

#ifdef __cplusplus
}
#endif

#endif
