//! The crate beside its peers: same inputs, one process, rounds interleaved and rotated.
//!
//! `cargo run --release --manifest-path benches/peers/Cargo.toml` prints a table and then a line
//! `ratio NAME VALUE` for each row: their time (or bytes) divided by ours. `--quick` leaves out the
//! largest table and takes fewer rounds, to see that all of it runs; `--text` is names, IDs and ARNs
//! alone.

mod inputs;
mod measure;
mod naive;
mod tables;
mod text;

use comfy_table::{ContentArrangement, Table, presets};
use measure::Row;
use peak_alloc::PeakAlloc;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

fn main() {
    let quick = std::env::args().any(|argument| argument == "--quick");
    let rounds = if quick { 5 } else { 15 };
    let mut rows = text::rows(rounds);
    if !std::env::args().any(|argument| argument == "--text") {
        rows.extend(tables::rows(rounds, quick));
    }
    print(&rows);
    for row in &rows {
        println!("ratio {} {:.2}", row.name, row.ratio());
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
