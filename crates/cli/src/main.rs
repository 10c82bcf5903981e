//! The program `kms-alias`.
#![forbid(unsafe_code)]

use kms_alias_cli::{ExitCode, main_from};

fn main() -> ExitCode {
    main_from(std::env::args_os())
}
