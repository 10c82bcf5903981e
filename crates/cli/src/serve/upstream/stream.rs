//! A body that is handed on as it comes: not too long, and never for ever.

use std::error::Error;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use hyper::body::{Body, Frame, SizeHint};
use tokio::time::{Instant, Sleep, sleep};

/// The longest body that is handed on; none is kept.
const LONGEST: u64 = 1 << 30;

/// Why a body breaks off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Broken {
    #[error("the body is longer than 1 GiB")]
    TooLong,
    #[error("the body did not go on in time")]
    TooSlow,
}

/// A body that may stand still for a time, and no longer.
pub(crate) struct Stream<B> {
    body: B,
    left: u64,
    patience: Duration,
    end: Pin<Box<Sleep>>,
}

impl<B> Stream<B> {
    pub(crate) fn new(body: B, patience: Duration) -> Self {
        Self {
            body,
            left: LONGEST,
            patience,
            end: Box::pin(sleep(patience)),
        }
    }
}

impl<B> Body for Stream<B>
where
    B: Body<Data = Bytes> + Unpin,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
{
    type Data = Bytes;
    type Error = Box<dyn Error + Send + Sync>;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let this = &mut *self;
        let Poll::Ready(frame) = Pin::new(&mut this.body).poll_frame(context) else {
            ready!(this.end.as_mut().poll(context));
            return Poll::Ready(Some(Err(Broken::TooSlow.into())));
        };
        this.end.as_mut().reset(Instant::now() + this.patience);
        Poll::Ready(match frame {
            Some(Ok(frame)) => Some(this.count(frame)),
            Some(Err(error)) => Some(Err(error.into())),
            None => None,
        })
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl<B> Stream<B> {
    fn count(&mut self, frame: Frame<Bytes>) -> Result<Frame<Bytes>, Box<dyn Error + Send + Sync>> {
        let length = frame.data_ref().map_or(0, Bytes::len);
        let length = u64::try_from(length).unwrap_or(u64::MAX);
        self.left = self.left.checked_sub(length).ok_or(Broken::TooLong)?;
        Ok(frame)
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use http_body_util::BodyExt;
    use http_body_util::channel::Channel;

    use super::*;

    const PATIENCE: Duration = Duration::from_secs(3);

    fn broken(result: Option<Result<Frame<Bytes>, Box<dyn Error + Send + Sync>>>) -> Broken {
        let error = result.expect("more").expect_err("broken");
        *error.downcast_ref().expect("broken by us")
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_that_stands_still_breaks_off() {
        let (mut sender, body) = Channel::<Bytes, Infallible>::new(1);
        let mut stream = Stream::new(body, PATIENCE);
        for _ in 0..5 {
            tokio::time::advance(PATIENCE / 2).await;
            let sent = sender.send_data(Bytes::from_static(b"{")).await;
            sent.expect("it is read");
            assert!(stream.frame().await.expect("more").is_ok(), "it moves");
        }
        let begun = Instant::now();
        assert_eq!(broken(stream.frame().await), Broken::TooSlow);
        assert_eq!(begun.elapsed(), PATIENCE);
    }

    #[tokio::test]
    async fn a_body_without_end_breaks_off() {
        let (mut sender, body) = Channel::<Bytes, Infallible>::new(1);
        let mut stream = Stream::new(body, PATIENCE);
        stream.left = 3;
        for _ in 0..2 {
            let sent = sender.send_data(Bytes::from_static(b"{}")).await;
            sent.expect("there is room");
            if let Some(Err(error)) = stream.frame().await {
                assert_eq!(error.downcast_ref(), Some(&Broken::TooLong));
                return;
            }
        }
        panic!("it went on");
    }
}
