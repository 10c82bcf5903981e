//! The crate beside its peers: same inputs, one process, rounds interleaved and rotated.
//!
//! `cargo run --release --manifest-path benches/peers/Cargo.toml` prints a table and then a line
//! `ratio NAME VALUE` for each row: their time (or bytes) divided by ours.
//! Everything is run in several passes, with tables that are made anew, as the places that memory
//! gets and what else the machine does differ from minute to minute. `--quick` leaves out the largest
//! table and takes one pass of few rounds, to see that all of it runs; `--once` takes one pass of all;
//! words ask for the rows whose
//! names begin with them, such as `key_arn` or `update_1m`.

mod accounts;
mod inputs;
mod loading;
mod measure;
mod naive;
mod tables;
mod text;
mod updates;
mod worst;

use comfy_table::{ContentArrangement, Table, presets};
use measure::{Row, Sample};
use peak_alloc::PeakAlloc;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (flags, words): (Vec<String>, Vec<String>) =
        (arguments.into_iter()).partition(|argument| argument.starts_with("--"));
    let choice = Choice {
        quick: flags.iter().any(|flag| flag == "--quick"),
        once: flags.iter().any(|flag| flag == "--once"),
        words,
    };
    let mut rows = pass(&choice, 0);
    for number in 1..choice.passes() {
        for later in pass(&choice, number) {
            if let Some(row) = rows.iter_mut().find(|row| row.name == later.name) {
                row.go_on(later);
            }
        }
    }
    print(&rows);
    for row in &rows {
        println!("ratio {} {:.2}", row.name, row.ratio());
    }
}

/// The first pass has everything that is asked for, a later one may leave something out.
fn pass(choice: &Choice, number: usize) -> Vec<Row> {
    let mut rows = text::rows(choice);
    rows.extend(tables::rows(choice, number));
    rows.retain(|row| choice.wants(row.name));
    rows
}

/// The rounds of a pass, where each takes long.
const ROUNDS: usize = 4;

/// What is asked for.
struct Choice {
    quick: bool,
    once: bool,
    words: Vec<String>,
}

impl Choice {
    /// Whether a row is asked for, by its name or by what its name begins with.
    fn wants(&self, name: &str) -> bool {
        let asks = |word: &String| name.starts_with(word.as_str()) || word.starts_with(name);
        self.words.is_empty() || self.words.iter().any(asks)
    }

    fn passes(&self) -> usize {
        if self.quick || self.once { 1 } else { 7 }
    }
}

fn print(rows: &[Row]) {
    let mut table = Table::new();
    table
        .load_preset(presets::UTF8_HORIZONTAL_ONLY)
        .set_content_arrangement(ContentArrangement::Dynamic);
    table.set_width(150);
    table.set_header([
        "what",
        "theirs",
        "theirs, least (median)",
        "ours, least (median)",
        "ratio",
        "of the least",
        "what theirs leaves out",
    ]);
    for row in rows {
        table.add_row([
            row.what.to_owned(),
            row.theirs_is.to_owned(),
            told(&row.theirs, row.unit),
            told(&row.ours, row.unit),
            format!("{:.2}", row.ratio()),
            format!("{:.2}", row.ratio_of_minimums()),
            row.leaves_out.to_owned(),
        ]);
    }
    println!("{table}");
}

fn told(sample: &Sample, unit: &str) -> String {
    let (minimum, median) = (sample.minimum(), sample.median());
    format!("{minimum:.1} ({median:.1}) {unit}")
}
