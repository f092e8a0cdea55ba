"""What leaves as a file: charts and workbooks, values in, bytes out."""
