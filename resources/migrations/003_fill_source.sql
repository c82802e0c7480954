-- Third step: which way a fill was learnt first is recorded with it; null for fills of earlier versions.
DROP VIEW trades;
CREATE VIEW trades AS
  SELECT seq AS id, exchange, market, symbol, trade_id AS exchange_trade_id, order_id, side, amount, price, cost,
    fee_cost, fee_currency, timestamp, is_maker, image ->> '$.source' AS source, image AS raw
  FROM fills;
