//! Moments: Python's and the clock's.

use std::time::{SystemTime, UNIX_EPOCH};

use kms_alias::Timestamp;
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyFloat, PyInt};

/// A moment: a `datetime` with a time zone, seconds since the Unix epoch, or now.
pub(crate) fn moment(value: Option<&Bound<'_, PyAny>>) -> PyResult<Timestamp> {
    let Some(value) = value else {
        return Ok(now());
    };
    let is_number = value.is_instance_of::<PyFloat>() || value.is_instance_of::<PyInt>();
    let seconds: f64 = if is_number {
        value.extract()?
    } else {
        seconds_of(value)?
    };
    let millis = (seconds * 1000.0).round();
    #[expect(
        clippy::cast_possible_truncation,
        reason = "what is too large saturates, and is refused"
    )]
    let at = Timestamp::from_millis(millis as i64);
    #[expect(
        clippy::cast_precision_loss,
        reason = "whole milliseconds of the times that there are fit into an f64"
    )]
    if at.as_millis() as f64 == millis {
        return Ok(at);
    }
    Err(PyValueError::new_err(format!(
        "`at` is {seconds} seconds since the Unix epoch, which is no time that there can be: the last \
         is {}",
        Timestamp::MAX.as_millis() / 1000
    )))
}

/// The seconds of a `datetime`, which has to say its time zone: a test that runs elsewhere would
/// mean another moment.
fn seconds_of(value: &Bound<'_, PyAny>) -> PyResult<f64> {
    let wrong =
        || PyTypeError::new_err("`at` is a datetime or a number of seconds since the Unix epoch");
    let timestamp = value.getattr("timestamp").map_err(|_| wrong())?;
    let zone = value.getattr("tzinfo").map_err(|_| wrong())?;
    if zone.is_none() {
        return Err(PyValueError::new_err(
            "`at` has no time zone: use datetime.now(timezone.utc)",
        ));
    }
    timestamp.call0()?.extract()
}

fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    let millis = since.map_or(0, |since| since.as_millis());
    Timestamp::from_millis(i64::try_from(millis).unwrap_or(i64::MAX))
}
