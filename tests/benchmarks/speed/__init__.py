"""From file to report, ours and stock BERTopic, at growing sizes: ``make benchmark-speed CORPORA=DIR``."""
