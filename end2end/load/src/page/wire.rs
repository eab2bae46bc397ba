//! The least HTTP/1.1 client that keeps its connection: a full one would use the cores that are
//! to be measured.

use anyhow::{Context, bail};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A connection, and the last answer.
pub struct Wire {
    stream: TcpStream,
    /// What was received and not used up.
    buffer: Vec<u8>,
    head: String,
    body: Vec<u8>,
}

impl Wire {
    /// Connects.
    pub async fn connect(address: &str) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(address)
            .await
            .with_context(|| format!("no connection to {address}"))?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream,
            buffer: Vec::with_capacity(64 * 1024),
            head: String::new(),
            body: Vec::new(),
        })
    }

    /// Sends a request and reads its answer whole.
    pub async fn ask(&mut self, request: &[u8]) -> anyhow::Result<()> {
        self.stream.write_all(request).await?;
        let end = self.until(b"\r\n\r\n").await?;
        self.head.clear();
        self.head
            .push_str(std::str::from_utf8(&self.buffer[..end])?);
        self.buffer.drain(..end + 4);
        self.body.clear();
        if let Some(length) = self.header("content-length") {
            return self.take(length.parse()?).await;
        }
        if self.header("transfer-encoding").as_deref() != Some("chunked") {
            bail!("an answer without a length");
        }
        loop {
            let end = self.until(b"\r\n").await?;
            let line = std::str::from_utf8(&self.buffer[..end])?;
            let length = usize::from_str_radix(line.trim(), 16)?;
            self.buffer.drain(..end + 2);
            self.take(length).await?;
            self.until(b"\r\n").await?;
            self.buffer.drain(..2);
            if length == 0 {
                return Ok(());
            }
        }
    }

    /// The status of the last answer.
    pub fn status(&self) -> Option<u16> {
        self.head.split(' ').nth(1)?.parse().ok()
    }

    /// A header of the last answer, in lower case.
    pub fn header(&self, name: &str) -> Option<String> {
        let lines = self.head.split("\r\n").skip(1);
        lines
            .filter_map(|line| line.split_once(':'))
            .find(|(n, _)| n.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.trim().to_ascii_lowercase())
    }

    /// The body of the last answer.
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    async fn more(&mut self) -> anyhow::Result<()> {
        if self.stream.read_buf(&mut self.buffer).await? == 0 {
            bail!("the connection was closed");
        }
        Ok(())
    }

    /// Where `mark` begins in the buffer, once it is there.
    async fn until(&mut self, mark: &[u8]) -> anyhow::Result<usize> {
        let mut from = 0;
        loop {
            let found = self.buffer[from..]
                .windows(mark.len())
                .position(|w| w == mark);
            if let Some(at) = found {
                return Ok(from + at);
            }
            from = self.buffer.len().saturating_sub(mark.len());
            self.more().await?;
        }
    }

    /// Moves so many bytes from the buffer to the body.
    async fn take(&mut self, length: usize) -> anyhow::Result<()> {
        while self.buffer.len() < length {
            self.more().await?;
        }
        self.body.extend(self.buffer.drain(..length));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::net::TcpListener;

    #[tokio::test]
    async fn answers_with_a_length_and_in_chunks_are_read_whole() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let server = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let answers: [&[&[u8]]; 2] = [
                &[
                    b"HTTP/1.1 200 OK\r\nContent-Len",
                    b"gth: 5\r\n\r\nab",
                    b"cde",
                ],
                &[
                    b"HTTP/1.1 404 Not Found\r\ntransfer-encoding: chunked\r\n\r\n3\r\nab",
                    b"c\r\n2\r\nde\r\n0\r\n",
                    b"\r\n",
                ],
            ];
            let mut asked = [0; 3];
            for answer in answers {
                stream.read_exact(&mut asked).await.unwrap();
                for piece in answer {
                    stream.write_all(piece).await.unwrap();
                    tokio::task::yield_now().await;
                }
            }
        });
        let mut wire = Wire::connect(&address).await.unwrap();
        for status in [200, 404] {
            wire.ask(b"GET").await.unwrap();
            assert_eq!(wire.status(), Some(status));
            assert_eq!(wire.body(), b"abcde");
        }
        assert!(wire.ask(b"GET").await.is_err(), "the connection is over");
        server.await.unwrap();
    }
}
