#include "thermal_picture.h"

#define ROWS THERMAL_PICTURE_ROWS
#define COLUMNS THERMAL_PICTURE_COLUMNS
#define LOWEST (-400)
#define HIGHEST 3071

/* The range coder. A probability is that of a 0, in 65536ths. */
#define CONTEXTS 4
#define FLAGS 12
#define EVEN 32768U
#define LEAST 512U
#define MOST 65024U
#define LONGEST_MEMORY 24
#define TOP ((uint32_t)1 << 24)
#define FULL_RANGE 0xFFFFFFFFUL

/* Scans from four corners, two predictors, three values for the first pixel. */
#define SCANS 4
#define VARIANTS 24
#define ROWS_REVERSED 2
#define COLUMNS_REVERSED 1
#define GRADIENT 4

struct coder {
    uint32_t low, range;
    uint8_t *out;
    uint8_t capacity;
    uint8_t length;
    uint8_t overflow; /* a byte other than 0 lies beyond the capacity */
    uint8_t beyond;   /* how many bytes lie beyond it; they are all 0 */
    uint16_t probability[CONTEXTS * FLAGS];
    uint8_t count[CONTEXTS * FLAGS];
};

/* The extremes of the whole picture, and where its maximum is. */
struct facts {
    int16_t minimum, maximum;
    uint16_t position;
};

static int16_t clip(int16_t value, int16_t low, int16_t high)
{
    return value < low ? low : value > high ? high : value;
}

static void put_byte(struct coder *coder)
{
    const uint8_t byte = (uint8_t)(coder->low >> 24);

    if (coder->length < coder->capacity)
        coder->out[coder->length++] = byte;
    else if (byte)
        coder->overflow = 1;
    else
        coder->beyond = 1;
    coder->low = (coder->low & 0xFFFFFFUL) << 8;
}

static void normalise(struct coder *coder)
{
    while (coder->range < TOP) {
        put_byte(coder);
        coder->range <<= 8;
    }
}

/* Adds to the lower end of the interval; a carry goes into the bytes that are out. */
static void add(struct coder *coder, uint32_t value)
{
    const uint32_t low = (coder->low + value) & FULL_RANGE;
    uint8_t i = coder->length;

    if (low < coder->low) {
        if (coder->beyond)
            coder->overflow = 1;
        while (i && ++coder->out[--i] == 0)
            ;
    }
    coder->low = low;
}

static void put_bits(struct coder *coder, uint16_t value, uint8_t count)
{
    while (count--) {
        coder->range >>= 1;
        if (value >> count & 1)
            add(coder, coder->range);
        normalise(coder);
    }
}

static void put_flag(struct coder *coder, uint8_t index, uint8_t flag)
{
    const uint32_t probability = coder->probability[index];
    const uint32_t bound = (coder->range >> 16) * probability;
    const uint32_t divisor = 2U * coder->count[index] + 3U;
    uint32_t next;

    if (flag) {
        add(coder, bound);
        coder->range -= bound;
        next = probability - 2 * probability / divisor;
        if (next < LEAST)
            next = LEAST;
    } else {
        coder->range = bound;
        next = probability + 2 * (65535U - probability) / divisor;
        if (next > MOST)
            next = MOST;
    }
    coder->probability[index] = (uint16_t)next;
    if (coder->count[index] < LONGEST_MEMORY)
        coder->count[index]++;
    normalise(coder);
}

static void put_residual(struct coder *coder, uint8_t context, uint16_t size,
                         uint8_t negative)
{
    const uint8_t first = (uint8_t)(context * FLAGS);
    uint8_t flag, order = 2;

    put_flag(coder, first, size != 0);
    if (!size)
        return;
    put_bits(coder, negative, 1);
    size--;
    for (flag = 1; flag < FLAGS; flag++) {
        put_flag(coder, (uint8_t)(first + flag), size != 0);
        if (!size)
            return;
        size--;
    }
    for (; size >= 1U << order; order++) { /* Exp-Golomb code */
        put_bits(coder, 1, 1);
        size = (uint16_t)(size - (1U << order));
    }
    put_bits(coder, 0, 1);
    put_bits(coder, size, order);
}

/* Ends the stream with the value of the interval that has most zeros at its end. */
static void finish(struct coder *coder)
{
    uint32_t mask = FULL_RANGE;
    uint8_t i;

    while (((0UL - coder->low) & mask) >= coder->range)
        mask >>= 1;
    add(coder, (0UL - coder->low) & mask);
    for (i = 0; i < 4; i++)
        put_byte(coder);
    while (coder->length && coder->out[coder->length - 1] == 0)
        coder->length--;
}

static uint8_t context_of(uint16_t sizes)
{
    return sizes <= 1 ? 0 : sizes <= 6 ? 1 : sizes <= 20 ? 2 : 3;
}

static int16_t predict(int16_t west, int16_t north, int16_t north_west,
                       int16_t north_east, uint8_t gradient)
{
    const int16_t lower = west < north ? west : north;
    const int16_t upper = west < north ? north : west;
    int16_t sum;

    if (gradient) {
        sum = (int16_t)(2 * (west + north) + north_east - north_west + 2);
        return sum < 0 ? 0 : (int16_t)(sum >> 2);
    }
    if (north_west >= upper)
        return lower;
    if (north_west <= lower)
        return upper;
    return (int16_t)(west + north - north_west);
}

/* Writes the stream of one part with one way to scan it, one predictor and one offset of
 * the first pixel. `coder` has its buffer and capacity; the stream's length is left in it. */
static void put_stream(struct coder *coder, const int16_t *pixels, uint8_t part,
                       uint8_t step, uint8_t variant, const struct facts *facts)
{
    const uint8_t stride = part == THERMAL_PICTURE_WHOLE ? 1 : 2;
    const uint8_t rows = ROWS / stride, columns = COLUMNS / stride;
    const int16_t span = (int16_t)(facts->maximum - facts->minimum);
    const int16_t offset = (int16_t)(variant >= 16 ? -(step / 3) : variant >= 8 ? step / 3 : 0);
    int16_t above[COLUMNS]; /* this row's pixels up to the one before, then the last row's */
    uint16_t sizes[COLUMNS];
    uint8_t i, j;

    coder->low = 0;
    coder->range = FULL_RANGE;
    coder->length = coder->overflow = coder->beyond = 0;
    for (i = 0; i < CONTEXTS * FLAGS; i++) {
        coder->probability[i] = EVEN;
        coder->count[i] = 0;
    }

    for (i = 0; i < rows; i++) {
        int16_t north_west = 0;
        uint16_t size_north_west = 0;

        for (j = 0; j < columns; j++) {
            const uint8_t y = variant & ROWS_REVERSED ? (uint8_t)(rows - 1 - i) : i;
            const uint8_t x = variant & COLUMNS_REVERSED ? (uint8_t)(columns - 1 - j) : j;
            const uint8_t row = (uint8_t)(y * stride + (part >> 1 & 1));
            const uint8_t column = (uint8_t)(x * stride + (part & 1));
            const int16_t pixel = (int16_t)(clip(pixels[row * COLUMNS + column], LOWEST, HIGHEST) -
                                            facts->minimum);
            const int16_t north = i ? above[j] : 0;
            const uint16_t size_north = i ? sizes[j] : 0;
            int16_t predicted, difference;
            uint16_t context, size;

            if (!i && !j) {
                above[0] = clip((int16_t)(pixel + offset), 0, span);
                sizes[0] = 0;
                put_bits(coder, (uint16_t)above[0], 12);
                continue;
            }
            if (!i) { /* all neighbours are the one before */
                predicted = above[j - 1];
                context = (uint16_t)(6 * sizes[j - 1]);
            } else {
                const uint8_t first = j == 0, next = j + 1 < columns ? (uint8_t)(j + 1) : j;

                if (first) {
                    north_west = north;
                    size_north_west = size_north;
                }
                predicted = predict(first ? north : above[j - 1], north, north_west,
                                    above[next], variant & GRADIENT);
                context = (uint16_t)(2 * ((first ? size_north : sizes[j - 1]) + size_north) +
                                     size_north_west + sizes[next]);
            }
            predicted = clip(predicted, 0, span);
            difference = (int16_t)(pixel - predicted);
            size = (uint16_t)((uint16_t)((difference < 0 ? -difference : difference) + step / 2) /
                              step);
            put_residual(coder, context_of(context), size, difference < 0);
            if (coder->overflow)
                return;
            north_west = north;
            size_north_west = size_north;
            above[j] = clip((int16_t)(difference < 0 ? predicted - (int16_t)(size * step)
                                                     : predicted + (int16_t)(size * step)),
                            0, span);
            sizes[j] = size;
        }
    }
    finish(coder);
}

static void find_facts(const int16_t *pixels, struct facts *facts)
{
    uint16_t i;

    facts->minimum = HIGHEST;
    facts->maximum = LOWEST - 1;
    for (i = 0; i < THERMAL_PICTURE_PIXELS; i++) {
        const int16_t pixel = clip(pixels[i], LOWEST, HIGHEST);

        if (pixel < facts->minimum)
            facts->minimum = pixel;
        if (pixel > facts->maximum) {
            facts->maximum = pixel;
            facts->position = i;
        }
    }
}

/* A node that sends lines has messages of these lengths. */
static uint8_t is_taken(uint8_t length)
{
    return length == 37 || length == 40 || length == 49 || length == 52;
}

uint8_t thermal_picture_encode(const struct thermal_picture *picture, uint8_t part,
                               uint8_t step, uint8_t *out, uint8_t capacity)
{
    const uint8_t whole = part == THERMAL_PICTURE_WHOLE || !step;
    uint8_t variant, best = VARIANTS, length = THERMAL_PICTURE_FACTS;
    struct facts facts;
    struct coder coder;

    if (capacity < length)
        return 0;
    find_facts(picture->pixels, &facts);
    if (step) {
        coder.out = out + THERMAL_PICTURE_FACTS;
        coder.capacity = (uint8_t)(capacity - THERMAL_PICTURE_FACTS);
        for (variant = 0; variant < VARIANTS; variant++) {
            put_stream(&coder, picture->pixels, part, step, variant, &facts);
            if (coder.overflow)
                continue;
            best = variant;
            if (!coder.length)
                break;
            coder.capacity = (uint8_t)(coder.length - 1); /* the next has to be shorter */
        }
        if (best == VARIANTS)
            return 0;
        coder.capacity = (uint8_t)(capacity - THERMAL_PICTURE_FACTS);
        put_stream(&coder, picture->pixels, part, step, best, &facts);
        length = (uint8_t)(length + coder.length);
        while (length == THERMAL_PICTURE_FACTS || is_taken(length)) {
            if (length == capacity)
                return 0;
            out[length++] = 0;
        }
    }
    out[0] = (uint8_t)(0x10 | (whole ? 0 : 4 | part));
    out[1] = step;
    out[2] = picture->status;
    out[3] = (uint8_t)(facts.minimum & 0xFF);
    out[4] = (uint8_t)((facts.minimum >> 4 & 0xF0) | (facts.maximum >> 8 & 0x0F));
    out[5] = (uint8_t)(facts.maximum & 0xFF);
    out[6] = (uint8_t)(picture->number << 5 | facts.position >> 8);
    if (step)
        out[6] = (uint8_t)(out[6] | (best & 3) << 3 | (best & GRADIENT));
    out[7] = (uint8_t)(facts.position & 0xFF);
    return length;
}

uint8_t thermal_picture_fit(const struct thermal_picture *picture, uint8_t part,
                            uint8_t finest, uint8_t coarsest, uint8_t *out,
                            uint8_t capacity)
{
    uint16_t step;

    for (step = finest; step && step <= coarsest; step = (uint16_t)(step + 1 + step / 16)) {
        const uint8_t length =
            thermal_picture_encode(picture, part, (uint8_t)step, out, capacity);

        if (length)
            return length;
    }
    return 0;
}
