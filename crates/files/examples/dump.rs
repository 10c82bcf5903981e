use kms_alias::Timestamp;
use kms_alias_files::*;
fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let data: Vec<(String, Vec<u8>)> = args
        .iter()
        .map(|a| (a.clone(), std::fs::read(a).unwrap()))
        .collect();
    let mut accounts = Accounts::unknown(Options::default());
    if data.len() > 1 {
        let files: Vec<File> = data[1..]
            .iter()
            .filter(|(n, _)| !n.contains("deployed"))
            .map(|(n, b)| File { name: n, bytes: b })
            .collect();
        if !files.is_empty() {
            accounts = match read_account(&files, Options::default()) {
                Ok(a) => a,
                Err(e) => {
                    println!("ERR {e}");
                    return;
                }
            };
        }
    }
    let mut input = RunInput::new(
        File {
            name: &data[0].0,
            bytes: &data[0].1,
        },
        Timestamp::from_millis(1_790_000_000_000),
    );
    input.deployed = data
        .iter()
        .find(|(n, _)| n.contains("deployed"))
        .map(|(n, b)| File { name: n, bytes: b });
    let start = std::time::Instant::now();
    match read_run(&input, &mut accounts) {
        Ok(read) => {
            println!("{:?} {:?}", read.kind, start.elapsed());
            for (i, s) in read.run.steps.iter().enumerate().take(20) {
                println!(
                    "{i} {:?} {} {:?} after {:?}",
                    s.address, s.place, s.request, s.after
                );
            }
            for a in &read.advice {
                println!("  {a}");
            }
        }
        Err(e) => println!("ERR {e}"),
    }
    for (p, k) in accounts.iter() {
        println!(
            "known {p}: keys {} aliases {} undescribed {:?} lists {:?} {:?}",
            k.table().key_count(),
            k.table().len(),
            k.undescribed_keys().count(),
            k.key_list,
            k.alias_list
        );
    }
}
