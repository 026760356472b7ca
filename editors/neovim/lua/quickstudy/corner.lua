-- The lower right corner of the screen: one line a run, and the last sentences. It takes no key and no focus.

local M = {}

local WIDEST = 64
local SHOWN_MS = 10000
local HIGHLIGHT = { [vim.log.levels.WARN] = 'WarningMsg', [vim.log.levels.ERROR] = 'ErrorMsg' }

local NAMESPACE = vim.api.nvim_create_namespace('quickstudy.corner')

---@type quickstudy.Job[]
local running = {}
---@type { text: string, highlight?: string }[]
local sentences = {}
---@type integer?
local window

local function close()
  if window and vim.api.nvim_win_is_valid(window) then
    vim.api.nvim_win_close(window, true)
  end
  window = nil
end

--- Our window in this tab: the one that is there, else a new one with a new buffer.
---@param place vim.api.keyset.win_config
---@return integer
local function shown(place)
  local tab = vim.api.nvim_get_current_tabpage()
  if window and vim.api.nvim_win_is_valid(window) and vim.api.nvim_win_get_tabpage(window) == tab then
    vim.api.nvim_win_set_config(window, place)
    return window
  end
  close()
  local buffer = vim.api.nvim_create_buf(false, true)
  vim.bo[buffer].bufhidden = 'wipe'
  window = vim.api.nvim_open_win(buffer, false, vim.tbl_extend('error', place, { noautocmd = true }))
  vim.wo[window].wrap, vim.wo[window].linebreak = true, true
  return window
end

---@return { text: string, highlight?: string }[]
local function rows()
  local found = vim.list_slice(sentences)
  for _, job in ipairs(running) do
    if job.state == 'queued' then
      table.insert(found, { text = ('%s waits for its turn.'):format(job.qualname) })
    else
      local text = ('Optimizing %s, %d%%: %s'):format(job.qualname, job.percentage or 0, job.said)
      table.insert(found, { text = text })
    end
  end
  return found
end

--- Draw what there is to see; without `jobs` the runs that are known.
---@param jobs? quickstudy.Job[]
function M.draw(jobs)
  running = jobs or running
  local found = rows()
  -- The window of the command line's history lets no other be opened.
  if #found == 0 or not require('quickstudy').options.corner or vim.fn.getcmdwintype() ~= '' then
    close()
    return
  end
  local texts = vim.tbl_map(function(row)
    return ' ' .. row.text:gsub('%s+', ' ') .. ' '
  end, found)
  local longest = math.max(unpack(vim.tbl_map(vim.fn.strdisplaywidth, texts)))
  local corner = shown({
    relative = 'editor',
    anchor = 'SE',
    row = vim.o.lines - vim.o.cmdheight - (vim.o.laststatus > 0 and 1 or 0),
    col = vim.o.columns,
    width = math.min(longest, WIDEST, vim.o.columns),
    height = 1,
    style = 'minimal',
    focusable = false,
  })
  local buffer = vim.api.nvim_win_get_buf(corner)
  vim.api.nvim_buf_clear_namespace(buffer, NAMESPACE, 0, -1)
  vim.api.nvim_buf_set_lines(buffer, 0, -1, true, texts)
  for number, row in ipairs(found) do
    if row.highlight then
      local options = { end_row = number, hl_group = row.highlight, hl_eol = true }
      vim.api.nvim_buf_set_extmark(buffer, NAMESPACE, number - 1, 0, options)
    end
  end
  local height = vim.api.nvim_win_text_height(corner, {}).all
  vim.api.nvim_win_set_height(corner, math.max(1, math.min(height, math.floor(vim.o.lines / 2))))
end

--- Let `:messages` keep a sentence. A long one must not make the user press Enter.
---@param sentence string
local function remember(sentence)
  local saved = vim.o.messagesopt
  vim.o.messagesopt = 'wait:0,history:500'
  vim.api.nvim_echo({ { sentence } }, true, {})
  vim.o.messagesopt = saved
  vim.cmd.redraw({ bang = true })
end

--- Show a sentence for a while.
---@param sentence string
---@param level? integer One of `vim.log.levels`.
function M.say(sentence, level)
  if not require('quickstudy').options.corner then
    vim.notify('Quickstudy: ' .. sentence, level or vim.log.levels.INFO)
    return
  end
  remember('Quickstudy: ' .. sentence)
  local row = { text = sentence, highlight = HIGHLIGHT[level] }
  table.insert(sentences, row)
  M.draw()
  vim.defer_fn(function()
    sentences = vim.tbl_filter(function(other)
      return other ~= row
    end, sentences)
    M.draw()
  end, SHOWN_MS)
end

--- Take the sentences away, as the user has read them.
function M.clear()
  sentences = {}
  M.draw()
end

return M
