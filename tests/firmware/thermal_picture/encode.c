/* Answers requests on standard input with messages of the encoder on standard output.
 *
 * A request: part, finest step, coarsest step (0: only the finest), status, number and
 * capacity in a byte each, then 768 pixels of 16 bits in this machine's order. The answer:
 * the length in a byte, then the message.
 */
#include "thermal_picture.h"

#include <stdio.h>
#include <stdlib.h>

int main(void)
{
    uint8_t request[6];
    int16_t pixels[THERMAL_PICTURE_PIXELS];

    while (fread(request, sizeof request, 1, stdin) == 1 &&
           fread(pixels, sizeof pixels, 1, stdin) == 1) {
        const struct thermal_picture picture = {pixels, request[3], request[4]};
        const uint8_t capacity = request[5];
        /* Exactly as large as allowed, so that the sanitizer sees what is written beyond. */
        uint8_t *out = malloc(capacity ? capacity : 1);
        uint8_t length;

        if (!out)
            return 1;
        if (request[2])
            length = thermal_picture_fit(&picture, request[0], request[1], request[2],
                                         out, capacity);
        else
            length = thermal_picture_encode(&picture, request[0], request[1], out,
                                            capacity);
        putchar(length);
        fwrite(out, 1, length, stdout);
        fflush(stdout);
        free(out);
    }
    return 0;
}
