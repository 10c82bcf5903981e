//! Files out: written beside what they replace, and then renamed.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use tempfile::Builder;

use super::exit::Unusable;
use super::input::Input;
use super::io_words::cannot_write;

/// Writes a file that is either as it was or as it is to be, and never one of the inputs.
///
/// What a link leads to is replaced, and the link stays; a file keeps its mode; a pipe or a device
/// is written to.
pub fn replace(path: &Path, text: &str, inputs: &[&Input]) -> Result<(), Unusable> {
    let name = path.display();
    if inputs.iter().any(|input| input.is(path)) {
        let words = "this file is read as input, and would be lost: name another one";
        return Err(Unusable::new(words).of_file(name));
    }
    write(path, text).map_err(|error| Unusable::new(cannot_write(&error)).of_file(name))
}

fn write(path: &Path, text: &str) -> io::Result<()> {
    match fs::metadata(path) {
        Ok(metadata) if metadata.is_file() => {
            // Where a link leads.
            let real = fs::canonicalize(path)?;
            write_beside(&real, text, Some(metadata.permissions()))
        }
        Ok(metadata) if metadata.is_dir() => Err(io::ErrorKind::IsADirectory.into()),
        // A pipe or a device.
        Ok(_) => fs::write(path, text),
        Err(error) if error.kind() == io::ErrorKind::NotFound => write_beside(path, text, None),
        Err(error) => Err(error),
    }
}

fn write_beside(path: &Path, text: &str, permissions: Option<fs::Permissions>) -> io::Result<()> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let mut builder = Builder::new();
    builder.prefix(".kms-alias-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // What a new file has, less what the umask takes away.
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    let mut file = builder.tempfile_in(folder)?;
    file.write_all(text.as_bytes())?;
    if let Some(permissions) = permissions {
        file.as_file().set_permissions(permissions)?;
    }
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok(())
}
