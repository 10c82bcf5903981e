//! Rounds, interleaved and rotated: the minimum and the median of what each took.

use std::time::Instant;

/// What many rounds took, for each thing done in them.
#[derive(Clone, Copy, Debug)]
pub struct Sample {
    pub minimum: f64,
    pub median: f64,
}

impl Sample {
    /// A number that is measured once, such as bytes.
    pub const fn once(value: f64) -> Self {
        Self {
            minimum: value,
            median: value,
        }
    }

    fn of(mut values: Vec<f64>) -> Self {
        values.sort_by(f64::total_cmp);
        Self {
            minimum: values[0],
            median: values[values.len() / 2],
        }
    }
}

/// A row of the table: theirs beside ours.
pub struct Row {
    pub name: &'static str,
    pub what: &'static str,
    pub theirs_is: &'static str,
    pub leaves_out: &'static str,
    pub unit: &'static str,
    pub theirs: Sample,
    pub ours: Sample,
}

impl Row {
    pub fn ratio(&self) -> f64 {
        self.theirs.minimum / self.ours.minimum
    }
}

/// Times contenders, each of which does `count` things a round, in nanoseconds for each thing.
///
/// A contender is told the number of the round, so that what it does is fresh, and answers with a
/// sum that all of them have to agree on where `agree` says so.
pub fn race<const N: usize>(
    rounds: usize,
    count: usize,
    agree: bool,
    contenders: [&mut dyn FnMut(usize) -> u64; N],
) -> [Sample; N] {
    let mut times: [Vec<f64>; N] = std::array::from_fn(|_| Vec::new());
    // The first round warms up and is not counted.
    for round in 0..=rounds {
        let mut answers = [0; N];
        for turn in 0..N {
            let at = (turn + round) % N;
            let start = Instant::now();
            answers[at] = std::hint::black_box(contenders[at](round));
            let nanoseconds = start.elapsed().as_nanos() as f64 / count as f64;
            if round > 0 {
                times[at].push(nanoseconds);
            }
        }
        assert!(
            !agree || answers.iter().all(|answer| *answer == answers[0]),
            "{answers:?} in round {round}"
        );
    }
    times.map(Sample::of)
}
