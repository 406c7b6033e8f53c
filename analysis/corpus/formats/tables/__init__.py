"""Tables: delimited text, workbooks, Parquet, DataFrames."""
