//! The crate beside its peers: same inputs, one process, rounds interleaved and rotated.
//!
//! `cargo run --release --manifest-path benches/peers/Cargo.toml` prints a table and then a line
//! `ratio NAME VALUE` for each row: their time (or bytes) divided by ours. `--quick` leaves out the
//! largest table and takes fewer rounds, to see that all of it runs; words ask for the rows whose
//! names begin with them, such as `key_arn` or `update_1m`.

mod accounts;
mod inputs;
mod loading;
mod measure;
mod naive;
mod tables;
mod text;
mod updates;

use comfy_table::{ContentArrangement, Table, presets};
use measure::Row;
use peak_alloc::PeakAlloc;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (flags, words): (Vec<String>, Vec<String>) =
        (arguments.into_iter()).partition(|argument| argument.starts_with("--"));
    let choice = Choice {
        quick: flags.iter().any(|flag| flag == "--quick"),
        words,
    };
    let mut rows = text::rows(&choice);
    rows.extend(tables::rows(&choice));
    rows.retain(|row| choice.wants(row.name));
    print(&rows);
    for row in &rows {
        println!("ratio {} {:.2}", row.name, row.ratio());
    }
}

/// What is asked for.
struct Choice {
    quick: bool,
    words: Vec<String>,
}

impl Choice {
    /// Whether a row is asked for, by its name or by what its name begins with.
    fn wants(&self, name: &str) -> bool {
        let asks = |word: &String| name.starts_with(word.as_str()) || word.starts_with(name);
        self.words.is_empty() || self.words.iter().any(asks)
    }

    fn rounds(&self) -> usize {
        if self.quick { 5 } else { 15 }
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
        "theirs, each",
        "ours, each",
        "ratio",
        "of medians",
        "what theirs leaves out",
    ]);
    for row in rows {
        table.add_row([
            row.what.to_owned(),
            row.theirs_is.to_owned(),
            format!("{:.1} {}", row.theirs.minimum, row.unit),
            format!("{:.1} {}", row.ours.minimum, row.unit),
            format!("{:.2}", row.ratio()),
            format!("{:.2}", row.theirs.median / row.ours.median),
            row.leaves_out.to_owned(),
        ]);
    }
    println!("{table}");
}
