//! Rounds, interleaved and rotated: the minimum and the median of what each took, and their ratio.

use std::time::Instant;

/// What each round took, for each thing done in it, pass by pass.
#[derive(Clone, Debug)]
pub struct Sample(Vec<Vec<f64>>);

impl Sample {
    /// A number that is measured once, such as bytes.
    pub fn once(value: f64) -> Self {
        Self(vec![vec![value]])
    }

    pub fn minimum(&self) -> f64 {
        self.rounds().fold(f64::INFINITY, f64::min)
    }

    pub fn median(&self) -> f64 {
        median(self.rounds().collect())
    }

    fn rounds(&self) -> impl Iterator<Item = f64> {
        self.0.iter().flatten().copied()
    }
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn geometric_mean(values: &[f64]) -> f64 {
    let sum: f64 = values.iter().map(|value| value.ln()).sum();
    (sum / values.len() as f64).exp()
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
    /// What both took later is of this row too.
    pub fn go_on(&mut self, later: Self) {
        self.theirs.0.extend(later.theirs.0);
        self.ours.0.extend(later.ours.0);
    }

    /// The geometric mean of what the passes say. Each says the median of its rounds: in a round theirs
    /// and ours ran one after the other, and what slows the machine down for a while slows both.
    pub fn ratio(&self) -> f64 {
        let passes = self.theirs.0.iter().zip(&self.ours.0);
        let ratios = passes.map(|(theirs, ours)| {
            let rounds = theirs.iter().zip(ours);
            median(rounds.map(|(theirs, ours)| theirs / ours).collect())
        });
        geometric_mean(&ratios.collect::<Vec<f64>>())
    }

    pub fn ratio_of_minimums(&self) -> f64 {
        self.theirs.minimum() / self.ours.minimum()
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
    times.map(|rounds| Sample(vec![rounds]))
}
