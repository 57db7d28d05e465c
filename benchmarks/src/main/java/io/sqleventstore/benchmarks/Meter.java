package io.sqleventstore.benchmarks;

/** Does a workload's work for a while. */
interface Meter {
    /**
     * Measures one subject once.
     *
     * @param number that no other measurement here has
     */
    Round measure(Subject subject, int number) throws Exception;
}
