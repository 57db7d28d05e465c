package io.sqleventstore.benchmarks;

import java.util.Arrays;
import java.util.SplittableRandom;

/** Numbers from 0, each chosen as often as its rank says: the first twice as often as the second, three times as often as the third. */
final class Zipf {
    private final double[] upTo;

    Zipf(int numbers) {
        upTo = new double[numbers];
        double sum = 0;
        for (int i = 0; i < numbers; i++) {
            sum += 1.0 / (i + 1);
            upTo[i] = sum;
        }
    }

    int next(SplittableRandom random) {
        double chosen = random.nextDouble() * upTo[upTo.length - 1];
        int found = Arrays.binarySearch(upTo, chosen);
        return found >= 0 ? found : -found - 1;
    }
}
