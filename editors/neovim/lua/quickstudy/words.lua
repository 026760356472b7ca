-- Figures as a person reads them, the same as the server writes them.

local M = {}

---@param speedup number
---@return string
function M.figure(speedup)
  return (speedup < 10 and '%.1fx' or '%.0fx'):format(speedup)
end

--- Such as `12x (11x to 13x)`; empty if it was not timed.
---@param timed { speedup?: number, low?: number, high?: number }
---@return string
function M.interval(timed)
  if not (timed.speedup and timed.low and timed.high) then
    return ''
  end
  return ('%s (%s to %s)'):format(M.figure(timed.speedup), M.figure(timed.low), M.figure(timed.high))
end

--- A verdict as words: `timed out`.
---@param kind string
---@return string
function M.verdict(kind)
  return (kind:gsub('_', ' '))
end

--- Text of a model or a repository as one line. What cannot be printed Neovim shows as `<202e>`.
---@param text string
---@return string
function M.line(text)
  return vim.trim((text:gsub('[%s%c]+', ' ')))
end

--- A job as one line of a list.
---@param job quickstudy.Job
---@return string
function M.job(job)
  local file = vim.fs.basename(vim.uri_to_fname(job.uri))
  local state = job.state == 'offered' and M.interval(job) .. ' faster' or job.state
  return ('%s in %s: %s'):format(job.qualname, file, state)
end

return M
