-- A tab with your text as it is now beside the same text with the faster variant in it.

local jobs = require('quickstudy.jobs')
local page = require('quickstudy.page')
local server = require('quickstudy.server')
local words = require('quickstudy.words')

local M = {}

--- On a narrower screen the two are one above the other, so that no row is cut.
local SIDE_BY_SIDE = 120

--- Ends the diff that is shown.
---@type fun()?
local close_shown

---@param text string
---@return string[]
local function rows(text)
  local found = vim.split(text, '\r?\n')
  if found[#found] == '' then
    table.remove(found)
  end
  return found
end

---@param job quickstudy.Job
---@param preview quickstudy.Preview
---@param apply fun()
---@param dismiss fun()
local function show(job, preview, apply, dismiss)
  if close_shown then
    close_shown()
  end
  local origin = vim.api.nvim_get_current_tabpage()
  local before = page.buffer(job.qualname .. ' now', rows(preview.before), 'python')
  local after = page.buffer('faster ' .. job.qualname, rows(preview.after), 'python')
  local group = vim.api.nvim_create_augroup('quickstudy.diff', {})

  local function close()
    vim.api.nvim_clear_autocmds({ group = group })
    local here = vim.api.nvim_get_current_buf()
    if (here == before or here == after) and vim.api.nvim_tabpage_is_valid(origin) then
      vim.api.nvim_set_current_tabpage(origin)
    end
    page.close(before)
    page.close(after)
    close_shown = nil
  end
  close_shown = close
  ---@param decide fun()
  local function closed(decide)
    return function()
      close()
      decide()
    end
  end
  ---@type quickstudy.Key[]
  local keys = {
    { lhs = 'a', does = 'apply', act = closed(apply) },
    { lhs = 'x', does = 'dismiss', act = closed(dismiss) },
    { lhs = 'q', does = 'later', act = close },
  }
  vim.cmd(('tab sbuffer %d'):format(before))
  vim.wo.winbar = ' Now    ' .. page.keys(before, keys)
  vim.cmd.diffthis()
  local beside = vim.o.columns >= SIDE_BY_SIDE and 'vertical' or ''
  vim.cmd(('rightbelow %s sbuffer %d'):format(beside, after))
  page.keys(after, keys)
  vim.wo.winbar = ' Faster: ' .. words.interval(job)
  vim.cmd.diffthis()
  vim.api.nvim_win_set_cursor(0, { math.min(preview.start + 1, vim.api.nvim_buf_line_count(after)), 0 })
  vim.cmd('normal! zt')

  -- One half alone is of no use, nor is an offer that is gone.
  for _, buffer in ipairs({ before, after }) do
    vim.api.nvim_create_autocmd('BufWipeout', { group = group, buffer = buffer, callback = vim.schedule_wrap(close) })
  end
  vim.api.nvim_create_autocmd('User', {
    group = group,
    pattern = 'QuickstudyChanged',
    callback = function()
      if not jobs.is_offered(job) then
        close()
      end
    end,
  })
end

--- Show an offer; one of the two is called if the user decides.
---@param client vim.lsp.Client
---@param job quickstudy.Job
---@param apply fun(client: vim.lsp.Client, job: quickstudy.Job)
---@param dismiss fun(client: vim.lsp.Client, job: quickstudy.Job)
function M.open(client, job, apply, dismiss)
  server.ask(client, 'preview', { job = job.job }, function(preview)
    show(job, preview, function()
      apply(client, job)
    end, function()
      dismiss(client, job)
    end)
  end)
end

return M
